/** A part such as "7", "2-5", "4-" or "-3". */
const part = /^(\d{1,6})?(-)?(\d{1,6})?$/;

/** Pages that a list names. */
export interface PageList {
  /** Those of the document, ascending and without repeats. */
  numbers: number[];
  /** Whether it names others as well. */
  hasOthers: boolean;
}

/**
 * The pages that a list such as "1-3,7" names; all of them for an empty list. Undefined when it is no such list.
 */
export function parsePageList(list: string, pageCount: number): PageList | undefined {
  const parts = list.split(",").map((text) => text.trim());
  if (list.trim() === "") return { numbers: range(1, pageCount), hasOthers: false };
  const pages = new Set<number>();
  let hasOthers = false;
  for (const text of parts) {
    const [matched, first, dash, last] = part.exec(text) ?? [];
    if (!matched || (first === undefined && last === undefined)) return undefined;
    const from = Number(first ?? 1);
    const to = dash ? Number(last ?? Math.max(from, pageCount)) : from;
    if (from < 1 || to < from) return undefined;
    hasOthers ||= to > pageCount;
    for (const page of range(from, Math.min(to, pageCount))) pages.add(page);
  }
  return { numbers: [...pages].sort((a, b) => a - b), hasOthers };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}
