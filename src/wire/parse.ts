import { type ErrorResponse, errorOf, type Message, type RequestId, rpcCode } from "./message.ts";

/** The most messages in one batch. */
export const batchLimitCount = 100;
/**
 * The deepest nesting of arrays and objects; deeper texts exhaust the stack of whoever walks them.
 */
export const nestingLimitCount = 256;

/** What one text from a client turned out to be. Entries of a batch fail one by one. */
export type Parsed =
  | { kind: "message"; message: Message }
  | { kind: "batch"; messages: Message[]; refused: ErrorResponse[] }
  | { kind: "invalid"; answer: ErrorResponse };

// `fatal` makes a byte sequence that is not UTF-8 an error instead of a silent U+FFFD.
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Parses the bytes of one JSON-RPC message or batch. Never throws. */
export function parseBytes(bytes: Uint8Array): Parsed {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return invalid(null, rpcCode.parseError, "Cannot read the message: it is not valid UTF-8");
  }
  return parseText(text);
}

/** Parses the text of one JSON-RPC message or batch. Never throws. */
export function parseText(text: string): Parsed {
  if (text.length > 2 * nestingLimitCount && isTooDeep(text)) {
    const bound = `nested deeper than ${nestingLimitCount} levels`;
    return invalid(null, rpcCode.parseError, `Cannot read the message: it is ${bound}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return invalid(null, rpcCode.parseError, "Cannot read the message: it is not valid JSON");
  }
  return Array.isArray(value) ? parseBatch(value) : parseValue(value);
}

function parseValue(value: unknown): Parsed {
  const problem = findProblem(value);
  if (problem !== undefined) {
    return invalid(readId(value), rpcCode.invalidRequest, `Cannot read the message: ${problem}`);
  }
  // `findProblem` has checked every member that the type names.
  return { kind: "message", message: value as Message };
}

function parseBatch(values: unknown[]): Parsed {
  if (values.length === 0 || values.length > batchLimitCount) {
    const state = `it holds ${values.length} messages; expected 1 to ${batchLimitCount}`;
    return invalid(null, rpcCode.invalidRequest, `Cannot read the batch: ${state}`);
  }
  const messages: Message[] = [];
  const refused: ErrorResponse[] = [];
  for (const value of values) {
    const parsed = parseValue(value);
    if (parsed.kind === "message") messages.push(parsed.message);
    else if (parsed.kind === "invalid") refused.push(parsed.answer);
  }
  return { kind: "batch", messages, refused };
}

function findProblem(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return "it is not an object";
  }
  // Any object may be read by key; the values stay unknown.
  const message = value as Record<string, unknown>;
  if (message.jsonrpc !== "2.0") return 'its "jsonrpc" is not "2.0"';
  const hasId = message.id !== undefined;
  if (message.method !== undefined) {
    if (hasId && !isRequestId(message.id)) return 'its "id" is neither a string nor an integer';
    if (typeof message.method !== "string") return 'its "method" is not a string';
    if (message.params !== undefined && !isObject(message.params)) {
      return 'its "params" is not an object';
    }
    const meta = isObject(message.params) ? message.params._meta : undefined;
    return meta === undefined || isObject(meta) ? undefined : 'its "_meta" is not an object';
  }
  if (isObject(message.error)) return findErrorProblem(message);
  if (!isObject(message.result)) return 'it has neither a "method" nor a "result" nor an "error"';
  return isRequestId(message.id) ? undefined : 'its "id" is neither a string nor an integer';
}

function findErrorProblem(message: Record<string, unknown>): string | undefined {
  // The caller has checked that `error` is an object.
  const error = message.error as Record<string, unknown>;
  if (message.result !== undefined) return 'it has both a "result" and an "error"';
  if (!Number.isInteger(error.code)) return 'its "error.code" is not an integer';
  if (typeof error.message !== "string") return 'its "error.message" is not a string';
  if (message.id === undefined || message.id === null || isRequestId(message.id)) return undefined;
  return 'its "id" is neither a string nor an integer';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isRequestId(value: unknown): value is RequestId {
  return typeof value === "string" || Number.isSafeInteger(value);
}

function readId(value: unknown): RequestId | null {
  if (!isObject(value)) return null;
  return isRequestId(value.id) ? value.id : null;
}

function invalid(id: RequestId | null, code: number, message: string): Parsed {
  return { kind: "invalid", answer: errorOf(id, code, message) };
}

const quote = 0x22;
const backslash = 0x5c;

/**
 * Counts brackets outside strings. It need not know JSON: a text that is not JSON fails in
 * JSON.parse.
 */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === backslash) index++;
      else if (code === quote) inString = false;
    } else if (code === quote) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > nestingLimitCount) return true;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return false;
}
