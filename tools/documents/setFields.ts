import {
  type FieldRow,
  type FieldStyle,
  type Mark,
  moved,
  type SetBlock,
  textMark,
} from "./blocks.ts";
import { type Setting, wrap } from "./typeface.ts";

/** Height of a row as a multiple of the size. */
const rowHeights = { plain: 1.5, dotted: 1.7, boxed: 2.1 } as const satisfies Record<
  FieldStyle,
  number
>;

/** Sets labels with their values. */
export function setFields(
  rows: readonly FieldRow[],
  style: FieldStyle,
  setting: Setting,
): SetBlock {
  const { bold } = setting.typeface;
  const longest = Math.max(...rows.map(([label]) => bold.widthOfTextAtSize(label, setting.size)));
  const valueX = style === "boxed" ? setting.width * 0.38 : longest + setting.size * 1.5;
  const marks: Mark[] = [];
  const lines: string[] = [];
  let y = 0;
  for (const [label, value] of rows) {
    const set = setRow({ label, value, style, valueX }, setting);
    marks.push(...set.marks.map((mark) => moved(mark, 0, y)));
    lines.push(...set.lines);
    y += set.height;
  }
  return { height: y, marks, lines };
}

interface Row {
  label: string;
  value: string;
  style: FieldStyle;
  valueX: number;
}

function setRow({ label, value, style, valueX }: Row, setting: Setting): SetBlock {
  const { size, width, typeface } = setting;
  const inset = style === "boxed" ? 5 : 0;
  const values = wrap(value, typeface.regular, { size, width: width - valueX - inset });
  const rowHeight = rowHeights[style] * size;
  const height = rowHeight + Math.max(0, values.length - 1) * size * 1.3;
  const baseline = rowHeight * 0.5 + size * 0.35;
  const marks: Mark[] = [
    textMark(label, { x: inset, y: baseline, size, isBold: true }),
    ...values.map((text, row): Mark => {
      const y = baseline + row * size * 1.3;
      return textMark(text, { x: valueX + inset, y, size, isBold: false });
    }),
  ];
  if (style === "boxed") marks.push(...box({ width, height, split: valueX }));
  if (style === "dotted") marks.push(...dots(label, { valueX, baseline }, setting));
  // The dots are no text: nobody would read them out.
  const [first = "", ...rest] = values;
  return { height, marks, lines: [`${label} ${first}`.trimEnd(), ...rest] };
}

/** The dots between a label and its value. */
function dots(
  label: string,
  { valueX, baseline }: { valueX: number; baseline: number },
  { typeface, size }: Setting,
): Mark[] {
  const x = typeface.bold.widthOfTextAtSize(label, size) + size * 0.5;
  const dot = typeface.regular.widthOfTextAtSize(".", size);
  const count = Math.floor((valueX - x - size * 0.5) / dot);
  if (count < 3) return [];
  return [textMark(".".repeat(count), { x, y: baseline, size, isBold: false })];
}

function box({ width, height, split }: { width: number; height: number; split: number }): Mark[] {
  return [
    { kind: "line", x: 0, y: 0, toX: width, toY: 0 },
    { kind: "line", x: 0, y: height, toX: width, toY: height },
    { kind: "line", x: 0, y: 0, toX: 0, toY: height },
    { kind: "line", x: split, y: 0, toX: split, toY: height },
    { kind: "line", x: width, y: 0, toX: width, toY: height },
  ];
}
