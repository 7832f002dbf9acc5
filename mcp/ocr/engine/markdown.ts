import type { PageText, Word } from "./model.ts";
import { type Row, rowsOf } from "./rows.ts";
import { linesOf } from "./text-layer.ts";

/** A gap in a row that is wider than this many row heights parts two cells of a table. */
const cellGap = 1.6;
/** Fewer rows with several cells are no table. */
const tableRows = 2;

/** Pages as markdown: a heading for each page, paragraphs as such, and rows of cells as tables. */
export function markdownOfPages(pages: readonly PageText[]): string {
  return pages.map((page) => `## Page ${page.page}\n\n${markdownOfWords(page.words)}`).join("\n\n");
}

function markdownOfWords(words: readonly Word[]): string {
  const tables = findTables(words);
  const inTable = new Set(tables.flatMap(({ words: used }) => used));
  const parts: string[] = [];
  let paragraph: number | undefined;
  for (const line of linesOf(words)) {
    const table = tables.find(({ words: used }) => line.some((word) => used[0] === word));
    if (table) parts.push(table.markdown);
    const free = line.filter((word) => !inTable.has(word));
    const first = free[0];
    if (first === undefined) continue;
    const text = free.map((word) => escapeMarkdown(word.text)).join(" ");
    const isSame = paragraph === first.paragraph && !table;
    paragraph = first.paragraph;
    if (isSame) parts.push(`${parts.pop()}\n${text}`);
    else parts.push(text);
  }
  return parts.join("\n\n");
}

interface Table {
  markdown: string;
  /** In reading order. */
  words: Word[];
}

/** Runs of neighbouring rows that have the same number of cells, more than one. */
function findTables(words: readonly Word[]): Table[] {
  const order = new Map(words.map((word, place) => [word, place]));
  const rows = rowsOf(words).map((row) => ({ row, cells: cellsOf(row) }));
  const tables: Table[] = [];
  for (let start = 0; start < rows.length; ) {
    const columns = rows[start]?.cells.length ?? 0;
    let end = start + 1;
    while (end < rows.length && rows[end]?.cells.length === columns) end++;
    if (columns > 1 && end - start >= tableRows) {
      const part = rows.slice(start, end);
      tables.push({
        markdown: tableOf(part.map(({ cells }) => cells)),
        words: part
          .flatMap(({ row }) => row.words)
          .sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)),
      });
    }
    start = end;
  }
  return tables;
}

function cellsOf({ words, height }: Row): string[] {
  const cells: string[] = [];
  let right = -Infinity;
  for (const { text, upright: box } of words) {
    const escaped = escapeMarkdown(text);
    if (box.x0 - right > cellGap * height) cells.push(escaped);
    else cells.push(`${cells.pop()} ${escaped}`);
    right = box.x1;
  }
  return cells;
}

function tableOf(rows: readonly string[][]): string {
  const [head = [], ...body] = rows;
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...body.map(line)].join("\n");
}

/** What markdown would take as markup stays what the document shows. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#]/g, "\\$&");
}
