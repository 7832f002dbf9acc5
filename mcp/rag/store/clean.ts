/** SQLite and PostgreSQL both take any text but NUL and half surrogate pairs; what cannot be kept is replaced. */
export function clean(text: string): string {
  return text.replaceAll("\0", "\uFFFD").toWellFormed();
}
