import type { RequestId } from "./message.ts";

/** What the two ends of a line that was too long to keep tell of its message. */
export interface DroppedMessage {
  /** undefined when neither end shows it. */
  id: RequestId | undefined;
  /** Whether it is a request or a notification, as far as the ends show. */
  isCall: boolean;
}

const decoder = new TextDecoder();
const text = '"(?:[^"\\\\]|\\\\.)*"';
const member = `"(?:jsonrpc|id|method)"\\s*:\\s*(?:${text}|-?\\d{1,16}|null)`;
const early = new RegExp(`^\\s*\\{\\s*((?:${member}\\s*,\\s*)+)`);
const late = new RegExp(`(?:^|[,}\\]])\\s*(${member}(?:\\s*,\\s*${member})*)\\s*\\}\\s*$`);

/**
 * Reads what stands at the ends of a message: writers put the id and the method before or behind its large member. Both
 * patterns reach to the outermost brace, so that an `"id"` inside is never taken for the message's own.
 */
export function readDropped(head: Uint8Array, tail: Uint8Array): DroppedMessage {
  const first = early.exec(decoder.decode(head))?.[1]?.replace(/\s*,\s*$/, "") ?? "";
  const last = late.exec(decoder.decode(tail))?.[1] ?? "";
  const { id, method } = parseMembers([first, last].filter((part) => part !== "").join(","));
  const isId = typeof id === "string" || Number.isSafeInteger(id);
  return { id: isId ? (id as RequestId) : undefined, isCall: typeof method === "string" };
}

/** A text with a broken escape is no message. */
function parseMembers(members: string): { id?: unknown; method?: unknown } {
  try {
    return JSON.parse(`{${members}}`) as Record<string, unknown>;
  } catch {
    return {};
  }
}
