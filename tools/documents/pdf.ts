import { PDFDocument, type PDFPage, rgb } from "pdf-lib";
import { type Block, type Mark, moved } from "./blocks.ts";
import { setBlock } from "./setBlock.ts";
import { embedTypeface, type Family, type Setting, type Typeface } from "./typeface.ts";

/** Paper sizes in points. */
export const papers = {
  a4: { width: 595, height: 842, margin: 56 },
  letter: { width: 612, height: 792, margin: 58 },
  receipt: { width: 260, height: 480, margin: 18 },
} as const;

export type Paper = keyof typeof papers;

/** A document to be set: its blocks flow over as many pages as they need. */
export interface Layout {
  title: string;
  blocks: readonly Block[];
  paper: Paper;
  family: Family;
  /** Of body text, in points. */
  size: number;
  /** What does not fit on so many pages is left out; unbounded when absent. */
  mostPages?: number;
}

/** A PDF with a text layer, and what is printed on each of its pages. */
export interface SetDocument {
  pdf: Uint8Array;
  /** The text of each page in reading order, a printed line a line. */
  pages: readonly string[];
}

interface SetPage {
  marks: Mark[];
  lines: string[];
}

/** Sets a document. The bytes depend on the layout alone: no clock, no random tags. */
export async function setDocument(layout: Layout): Promise<SetDocument> {
  const document = await emptyPdf(layout.title);
  const typeface = await embedTypeface(document, layout.family);
  const { width, height } = papers[layout.paper];
  const pages = flow(layout, typeface);
  for (const { marks } of pages) {
    const page = document.addPage([width, height]);
    for (const mark of marks) draw(page, mark, typeface);
  }
  return { pdf: await document.save(), pages: pages.map(({ lines }) => lines.join("\n")) };
}

/** A PDF without pages and without dates. */
export async function emptyPdf(title: string): Promise<PDFDocument> {
  const document = await PDFDocument.create({ updateMetadata: false });
  document.setTitle(title);
  document.setProducer("Berth test documents");
  return document;
}

function flow(layout: Layout, typeface: Typeface): SetPage[] {
  const { width, height, margin } = papers[layout.paper];
  const setting: Setting = { typeface, size: layout.size, width: width - 2 * margin };
  const bottom = height - margin;
  const gap = layout.size * 0.6;
  let y: number = margin;
  let page: SetPage = { marks: [], lines: [] };
  const pages = [page];
  for (const block of layout.blocks) {
    const set = setBlock(block, setting);
    if (set.height > bottom - margin) throw new Error(`too long for a page: a ${block.kind}`);
    if (block.kind === "page-break" || y + set.height > bottom) {
      if (pages.length === layout.mostPages) break;
      page = { marks: [], lines: [] };
      pages.push(page);
      y = margin;
    }
    const top = y;
    page.marks.push(...set.marks.map((mark) => moved(mark, margin, top)));
    page.lines.push(...set.lines);
    y += set.height + gap;
  }
  return pages;
}

function draw(page: PDFPage, mark: Mark, typeface: Typeface): void {
  // PDF counts from the lower edge upwards.
  const y = page.getHeight() - mark.y;
  if (mark.kind === "line") {
    const end = { x: mark.toX, y: page.getHeight() - mark.toY };
    page.drawLine({ start: { x: mark.x, y }, end, thickness: 0.7, color: rgb(0, 0, 0) });
    return;
  }
  const color = mark.ink === "hidden" ? rgb(1, 1, 1) : rgb(0, 0, 0);
  const font = mark.isBold ? typeface.bold : typeface.regular;
  page.drawText(mark.text, { x: mark.x, y, size: mark.size, font, color });
}
