/** A language in which the product speaks to its readers. */
export type Language = "en" | "fr";

/** The word of a table for a value that a newer service may have and this reader not: then the value itself. */
export function wordFor(table: Readonly<Record<string, string>>, value: string): string {
  return Object.hasOwn(table, value) ? (table[value] ?? value) : value;
}
