/** A part such as "7", "2-5", "4-" or "-3". */
const part = /^(\d{1,6})?(-)?(\d{1,6})?$/;

/**
 * The pages that a list such as "1-3,7" names, ascending and without repeats; all of them for an empty list.
 * Undefined when it is no such list. Pages beyond the document's last are left out.
 */
export function parsePageList(list: string, pageCount: number): number[] | undefined {
  const parts = list.split(",").map((text) => text.trim());
  if (list.trim() === "") return range(1, pageCount);
  const pages = new Set<number>();
  for (const text of parts) {
    const [matched, first, dash, last] = part.exec(text) ?? [];
    if (!matched || (first === undefined && last === undefined)) return undefined;
    const from = Number(first ?? 1);
    const to = dash ? Number(last ?? pageCount) : from;
    if (from < 1 || to < from) return undefined;
    for (const page of range(from, Math.min(to, pageCount))) pages.add(page);
  }
  return [...pages].sort((a, b) => a - b);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}
