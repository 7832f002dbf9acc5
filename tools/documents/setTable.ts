import { type Mark, type SetBlock, type Table, textMark } from "./blocks.ts";
import type { Setting } from "./typeface.ts";

/** Height of a row as a multiple of the size. */
const rowHeight = 1.8;
/** Between a cell's edge and its text, in points. */
const inset = 4;

/** Sets a table; the reading order is row by row. */
export function setTable(table: Table, setting: Setting): SetBlock {
  const rows = [table.head, ...table.rows];
  const step = rowHeight * setting.size;
  const height = rows.length * step;
  const edges = columnEdges(table.shares, setting.width);
  const marks = rows.flatMap((cells, row) =>
    setCells(cells, { table, setting, edges, isBold: row === 0 }).map((mark): Mark => {
      return { ...mark, y: row * step + step * 0.5 + setting.size * 0.35 };
    }),
  );
  const rules = table.isRuled
    ? grid({ edges, step, rows: rows.length })
    : [rule(step, setting.width), rule(height, setting.width)];
  const lines = rows.map((cells) => cells.filter((cell) => cell !== "").join(" "));
  return { height, marks: [...marks, ...rules], lines };
}

function columnEdges(shares: readonly number[], width: number): number[] {
  const whole = shares.reduce((sum, share) => sum + share, 0);
  let x = 0;
  return [0, ...shares.map((share) => (x += (share / whole) * width))];
}

interface CellSetting {
  table: Table;
  setting: Setting;
  edges: readonly number[];
  isBold: boolean;
}

function setCells(cells: readonly string[], { table, setting, edges, isBold }: CellSetting) {
  const font = isBold ? setting.typeface.bold : setting.typeface.regular;
  const { size } = setting;
  return cells.flatMap((text, column) => {
    const left = edges[column] ?? 0;
    const right = edges[column + 1] ?? setting.width;
    const textWidth = font.widthOfTextAtSize(text, size);
    if (textWidth > right - left - 2 * inset) throw new Error(`too wide for its cell: "${text}"`);
    const x = table.numbers.includes(column) ? right - inset - textWidth : left + inset;
    return text === "" ? [] : [textMark(text, { x, y: 0, size, isBold })];
  });
}

function grid({ edges, step, rows }: { edges: readonly number[]; step: number; rows: number }) {
  const width = edges.at(-1) ?? 0;
  const across = Array.from({ length: rows + 1 }, (_, row) => rule(row * step, width));
  const down = edges.map((x): Mark => ({ kind: "line", x, y: 0, toX: x, toY: rows * step }));
  return [...across, ...down];
}

function rule(y: number, width: number): Mark {
  return { kind: "line", x: 0, y, toX: width, toY: y };
}
