/** The fields that hold what was claimed, by the type of the document. */
const amountFields = ["amount", "estimated_repair_cost", "total_charges"];

/** The claimed amount among a document's stored fields, in units of its currency; null when it cannot be read. */
export function readAmount(fields: unknown): number | null {
  if (typeof fields !== "object" || fields === null) return null;
  // Whatever the fields are, they are asked by name and each answer is checked.
  const byName = fields as Record<string, { value?: unknown } | null>;
  const value = amountFields.map((name) => byName[name]?.value).find((one) => one !== undefined);
  if (typeof value === "number") return value;
  return typeof value === "string" ? readNumber(value) : null;
}

/** English and French forms with two decimals or none: `1,240.00`, `1 850,00 EUR`, `980`. */
function readNumber(text: string): number | null {
  const digits = text.replace(/[^\d.,]/g, "");
  const plain = digits.replace(/[.,](?=\d{3}(\D|$))/g, "").replace(",", ".");
  return /^\d+(\.\d{1,2})?$/.test(plain) ? Number(plain) : null;
}
