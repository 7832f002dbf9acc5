/** False for a text that PostgreSQL has no place for: a NUL, or half a surrogate pair, which would become U+FFFD. */
export function isStorable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}
