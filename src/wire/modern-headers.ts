import { type RpcError, type Request as RpcRequest, rpcCode } from "./message.ts";
import { metaKey } from "./modern-meta.ts";
import { findParamHeaders, type ParamHeader } from "./param-headers.ts";

/**
 * The member of params that `Mcp-Name` repeats, by method (2026-07-28, transports, "Standard
 * Request Headers").
 */
const namedBy: Readonly<Record<string, string>> = {
  "tools/call": "name",
  "prompts/get": "name",
  "resources/read": "uri",
};

/** Where the headers of a modern request disagree with its body; undefined when they agree. */
export function findHeaderMismatch(headers: Headers, message: RpcRequest): RpcError | undefined {
  const { method, params } = message;
  const version = headers.get("mcp-protocol-version");
  const claimed = params?._meta?.[metaKey.protocolVersion];
  if (version !== claimed) return mismatch("MCP-Protocol-Version", version, claimed);
  const methodHeader = headers.get("mcp-method");
  if (methodHeader !== method) return mismatch("Mcp-Method", methodHeader, method);
  const member = Object.hasOwn(namedBy, method) ? namedBy[method] : undefined;
  const name = member === undefined ? undefined : params?.[member];
  if (typeof name !== "string") return undefined;
  const nameHeader = headers.get("mcp-name");
  if (nameHeader === name || decodeHeader(nameHeader) === name) return undefined;
  return mismatch("Mcp-Name", nameHeader, name);
}

/** Where `Mcp-Param-*` headers disagree with the arguments of a tool whose schema asks for them. */
export function findParamMismatch(
  headers: Headers,
  args: unknown,
  inputSchema: unknown,
): RpcError | undefined {
  for (const declared of findParamHeaders(inputSchema)) {
    const value = valueAt(args, declared.path);
    // A value that is absent or null needs no header, and one that is there is not looked at.
    if (value === undefined || value === null || typeof value === "object") continue;
    const name = `Mcp-Param-${declared.name}`;
    const header = headers.get(name);
    if (!isSame(decodeHeader(header), value, declared)) return mismatch(name, header, value);
  }
  return undefined;
}

function isSame(text: string | undefined, value: unknown, { type }: ParamHeader): boolean {
  if (text === undefined) return false;
  const isNumber = type === "integer" || type === "number";
  // 42.0 and 42 are the same number; everything else is compared as text.
  if (isNumber && typeof value === "number" && /^-?\d+(\.\d+)?$/.test(text)) {
    return Number(text) === value;
  }
  return text === String(value);
}

function valueAt(args: unknown, path: readonly string[]): unknown {
  let value = args;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    // Any object may be read by key; the value stays unknown.
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Undoes `=?base64?…?=`, which carries what a header may not; undefined when it is absent or
 * wrongly encoded.
 */
export function decodeHeader(value: string | null): string | undefined {
  if (value === null) return undefined;
  const encoded = /^=\?base64\?(.*)\?=$/.exec(value)?.[1];
  if (encoded === undefined) return value;
  if (!base64.test(encoded)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(encoded, "base64"));
  } catch {
    return undefined;
  }
}

function mismatch(header: string, given: string | null, expected: unknown): RpcError {
  const state = given === null ? "is missing" : `is ${JSON.stringify(given)}`;
  return {
    code: rpcCode.headerMismatch,
    message: `Bad Request: ${header} ${state}; the body says ${JSON.stringify(expected)}`,
    data: { mismatch: { header: given ?? "(missing)", body: expected } },
  };
}
