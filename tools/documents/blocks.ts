/** What a document is made of, from top to bottom. */
export type Block =
  | { kind: "heading"; text: string; scale?: number; align?: Align }
  | { kind: "paragraph"; text: string; ink?: Ink; scale?: number }
  | { kind: "lines"; lines: readonly string[]; align?: Align }
  | { kind: "fields"; rows: readonly FieldRow[]; style: FieldStyle }
  | { kind: "table"; table: Table }
  | { kind: "columns"; columns: readonly [readonly Block[], readonly Block[]] }
  | { kind: "gap"; lines: number }
  | { kind: "page-break" };

export type Align = "left" | "center" | "right";
/** `hidden` is white on white: in the text layer, not on paper. */
export type Ink = "black" | "hidden";
/** A label and what is filled in. */
export type FieldRow = readonly [label: string, value: string];
/** `plain`: label and value on a line; `dotted`: dots lead to the value; `boxed`: each row in a box. */
export type FieldStyle = "plain" | "dotted" | "boxed";

/** Cells of a table, row by row. */
export interface Table {
  head: readonly string[];
  rows: readonly (readonly string[])[];
  /** Shares of the width, one a column. */
  shares: readonly number[];
  /** Columns of numbers, set flush right. */
  numbers: readonly number[];
  isRuled: boolean;
}

/** One thing on paper, in points from the upper left corner of what it belongs to. */
export type Mark = TextMark | { kind: "line"; x: number; y: number; toX: number; toY: number };

export interface TextMark {
  kind: "text";
  x: number;
  y: number;
  text: string;
  size: number;
  isBold: boolean;
  ink: Ink;
}

/** A block set in type: how much it needs, where its marks go, and its text as people read it. */
export interface SetBlock {
  /** In points. */
  height: number;
  marks: readonly Mark[];
  /** The printed lines in reading order. */
  lines: readonly string[];
}

/** Black text at its baseline. */
export function textMark(
  text: string,
  place: Pick<TextMark, "x" | "y" | "size" | "isBold">,
): TextMark {
  return { kind: "text", text, ink: "black", ...place };
}

/** The mark at another place. */
export function moved(mark: Mark, right: number, down: number): Mark {
  const { x, y } = mark;
  if (mark.kind === "text") return { ...mark, x: x + right, y: y + down };
  return { ...mark, x: x + right, y: y + down, toX: mark.toX + right, toY: mark.toY + down };
}
