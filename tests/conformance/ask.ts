import type { ServerRequest } from "@modelcontextprotocol/sdk/types.js";
import { inputKey } from "../../src/wire/protocol.ts";

/** A question to the client, with the name under which a client of 2026-07-28 answers it. */
export function askFor(
  key: string,
  method: ServerRequest["method"],
  params: Record<string, unknown> = {},
): ServerRequest {
  // The union of all requests is wider than what a fixture needs to spell out; the SDK checks it
  // again when sending.
  return { method, params: { ...params, _meta: { [inputKey]: key } } } as ServerRequest;
}
