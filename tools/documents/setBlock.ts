import { type Align, type Block, type Mark, moved, type SetBlock, textMark } from "./blocks.ts";
import { setFields } from "./setFields.ts";
import { setTable } from "./setTable.ts";
import { type Setting, wrap } from "./typeface.ts";

/** From one baseline to the next, as a multiple of the size. */
const leading = 1.32;
/** Between two columns, in points. */
const gutter = 24;

/** Sets one block; needs no page, so that it can be measured before it is placed. */
export function setBlock(block: Block, setting: Setting): SetBlock {
  switch (block.kind) {
    case "heading":
      return setHeading(block, setting);
    case "paragraph":
      return setParagraph(block, setting);
    case "lines":
      return setLines(block.lines, block.align ?? "left", setting);
    case "fields":
      return setFields(block.rows, block.style, setting);
    case "table":
      return setTable(block.table, setting);
    case "columns":
      return setColumns(block.columns, setting);
    case "gap":
      return { height: block.lines * setting.size * leading, marks: [], lines: [] };
    case "page-break":
      return { height: 0, marks: [], lines: [] };
  }
}

/** Sets blocks below each other, half a line apart. */
export function stackBlocks(blocks: readonly Block[], setting: Setting): SetBlock {
  const gap = setting.size * 0.6;
  let height = 0;
  const marks: Mark[] = [];
  const lines: string[] = [];
  for (const block of blocks) {
    const set = setBlock(block, setting);
    marks.push(...set.marks.map((mark) => moved(mark, 0, height)));
    lines.push(...set.lines);
    height += set.height + gap;
  }
  return { height, marks, lines };
}

function setHeading(block: Extract<Block, { kind: "heading" }>, setting: Setting): SetBlock {
  const size = setting.size * (block.scale ?? 1.4);
  const lines = wrap(block.text, setting.typeface.bold, { size, width: setting.width });
  const marks = lines.map((text, row): Mark => {
    const width = setting.typeface.bold.widthOfTextAtSize(text, size);
    const x = indent(block.align ?? "left", setting.width - width);
    return textMark(text, { x, y: (row + 1) * size * leading, size, isBold: true });
  });
  return { height: lines.length * size * leading + size * 0.3, marks, lines };
}

function setParagraph(block: Extract<Block, { kind: "paragraph" }>, setting: Setting): SetBlock {
  const size = setting.size * (block.scale ?? 1);
  const ink = block.ink ?? "black";
  const lines = wrap(block.text, setting.typeface.regular, { size, width: setting.width });
  const marks = lines.map((text, row): Mark => {
    return { ...textMark(text, { x: 0, y: (row + 1) * size * leading, size, isBold: false }), ink };
  });
  // Nobody reads what is white on white.
  return { height: lines.length * size * leading, marks, lines: ink === "hidden" ? [] : lines };
}

function setLines(lines: readonly string[], align: Align, setting: Setting): SetBlock {
  const { size, typeface, width } = setting;
  const marks = lines.map((text, row): Mark => {
    const x = indent(align, width - typeface.regular.widthOfTextAtSize(text, size));
    return textMark(text, { x, y: (row + 1) * size * leading, size, isBold: false });
  });
  return { height: lines.length * size * leading, marks, lines };
}

function setColumns(
  columns: readonly [readonly Block[], readonly Block[]],
  setting: Setting,
): SetBlock {
  const width = (setting.width - gutter) / 2;
  const [left, right] = columns.map((blocks) => stackBlocks(blocks, { ...setting, width }));
  if (!left || !right) throw new Error("a column is missing");
  return {
    height: Math.max(left.height, right.height),
    marks: [...left.marks, ...right.marks.map((mark) => moved(mark, width + gutter, 0))],
    lines: [...left.lines, ...right.lines],
  };
}

function indent(align: Align, free: number): number {
  if (align === "left") return 0;
  return align === "right" ? free : free / 2;
}
