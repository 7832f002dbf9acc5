import { rpcCode } from "./message.ts";
import { type Parsed, parseBytes } from "./parse.ts";
import type { Refusal } from "./refusal.ts";

/** The largest request body that is read by default, in bytes. */
export const bodyLimitBytes: number = 4 * 1024 * 1024;

/**
 * Reads and parses the body of a POST; a body over the bound is refused before it is read to its
 * end.
 */
export async function readMessage(
  request: Request,
  limitBytes: number,
): Promise<Parsed | { kind: "refused"; refusal: Refusal }> {
  const bytes = await readMessageBytes(request, limitBytes);
  if (bytes !== undefined) return parseBytes(bytes);
  const message = `Cannot read the body: it is longer than ${limitBytes} bytes`;
  return { kind: "refused", refusal: { status: 413, code: rpcCode.invalidRequest, message } };
}

/** The bytes of a body, or undefined when there are more than the bound. */
export async function readMessageBytes(
  request: Request,
  limitBytes: number,
): Promise<Uint8Array | undefined> {
  const length = request.headers.get("content-length");
  if (length !== null) return Number(length) > limitBytes ? undefined : request.bytes();
  const parts: Uint8Array[] = [];
  let readBytes = 0;
  // A chunked body does not say how long it is.
  for await (const part of request.body ?? []) {
    readBytes += part.length;
    if (readBytes > limitBytes) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Why the media types of a POST are not those of Streamable HTTP, or undefined when they are. */
export function findMediaRefusal(headers: Headers): Refusal | undefined {
  const type = headers.get("content-type");
  if (type !== "application/json" && !/^application\/json *(;|$)/i.test(type ?? "")) {
    const message = `Cannot read a body of type ${JSON.stringify(type)}: send application/json`;
    return { status: 415, code: rpcCode.serverError, message };
  }
  const accept = headers.get("accept") ?? "";
  if (accepts(accept, "application/json") && accepts(accept, "text/event-stream")) return undefined;
  const message = "Not Acceptable: Client must accept both application/json and text/event-stream";
  return { status: 406, code: rpcCode.serverError, message };
}

/**
 * Whether an Accept header admits `type`: by name, by `group/*` or by any type, and not with a
 * weight of zero.
 */
export function accepts(header: string, type: string): boolean {
  if (header === "application/json, text/event-stream") return true;
  const group = `${type.slice(0, type.indexOf("/"))}/*`;
  return header.split(",").some((entry) => {
    const [range, ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
    if (range !== type && range !== group && range !== "*/*") return false;
    return !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}
