const decoder = new TextDecoder();
const early = /^\{ *(?:"jsonrpc" *: *"2\.0" *, *)?"id" *: *(\d{1,15}) *,/;
const late = /"id" *: *(\d{1,15}) *(?:, *"jsonrpc" *: *"2\.0" *)?\}\s*$/;

/**
 * The id of an answer of which only the two ends are known. Servers write it first or last; both patterns reach to the
 * outermost brace, so an `"id"` inside the result is never taken for it.
 */
export function findAnswerId(head: Uint8Array, tail: Uint8Array): number | undefined {
  const found = early.exec(decoder.decode(head)) ?? late.exec(decoder.decode(tail));
  return found?.[1] === undefined ? undefined : Number(found[1]);
}
