import { AppError } from "../core/fault.ts";
import { malformedBody } from "./field-errors.ts";

/** The largest request body that is read, in bytes: the services' records are small. */
export const bodyLimitBytes = 1024 * 1024;

/** `application/json` and the `+json` family, with or without parameters. */
const jsonType = /^application\/(json|[a-z0-9.+-]+\+json)\s*(;|$)/i;

/**
 * Reads a JSON body within the limit. Numbers arrive as the digits that were sent: text fields take them as they are, and
 * number fields parse them, so that neither loses a digit to binary floating point.
 * @throws AppError `unsupported_media_type`, `too_large`, or `invalid_input` when it is no JSON or no UTF-8.
 */
export function readJsonBody(request: Request): Promise<unknown> {
  return readJson(request, keepDigits);
}

/** The same with numbers as JSON has them. */
export function readPlainJsonBody(request: Request): Promise<unknown> {
  return readJson(request);
}

async function readJson(request: Request, revive?: typeof keepDigits): Promise<unknown> {
  requireJsonType(request);
  const bytes = await readBytes(request);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return JSON.parse(text, revive);
  } catch (cause) {
    throw malformedBody(cause);
  }
}

function requireJsonType(request: Request): void {
  const type = request.headers.get("content-type");
  if (type !== null && jsonType.test(type)) return;
  // A request without body and type is not one of a wrong type: its body is missing.
  if (type === null && request.body === null) throw malformedBody();
  const name = type ?? "application/octet-stream";
  throw new AppError("unsupported_media_type", `Content-Type '${name}' is not supported`);
}

async function readBytes(request: Request): Promise<Uint8Array> {
  const announced = Number(request.headers.get("content-length") ?? Number.NaN);
  if (announced > bodyLimitBytes) throw tooLarge();
  if (announced >= 0) return request.bytes();
  return readUnannounced(request);
}

/** A chunked body tells its length only by ending. */
async function readUnannounced(request: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > bodyLimitBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** The third argument is the JSON source text proposal's; it is there for every primitive. */
function keepDigits(_key: string, value: unknown, context?: { source: string }): unknown {
  return typeof value === "number" ? (context?.source ?? String(value)) : value;
}

function tooLarge(): AppError {
  return new AppError("too_large", "Request body too large");
}
