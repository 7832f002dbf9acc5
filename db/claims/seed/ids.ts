/** The id of a sample row: the same at every load, so that a reset replaces rows instead of adding others. */
export function sampleId(kind: string, key: string): string {
  const hex = new Bun.CryptoHasher("sha256").update(`${kind}/${key}`).digest("hex");
  // A UUID of version 8: its content is the application's (RFC 9562, section 5.8).
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`];
  return [...parts, variant + hex.slice(17, 20), hex.slice(20, 32)].join("-");
}
