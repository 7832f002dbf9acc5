/**
 * An instant as the contract prints local date-times: UTC without zone, seconds always there, a fraction only when it is
 * not zero and without trailing zeros.
 */
export function printLocalDateTime(instant: Date): string {
  return instant
    .toISOString()
    .replace(/\.000Z$/, "")
    .replace(/0*Z$/, "");
}
