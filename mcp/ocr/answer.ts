import type { DocumentText } from "./engine/engine.ts";
import { type Field, findFields } from "./engine/fields.ts";
import type { Box, PageText, Word } from "./engine/model.ts";

/** A page's text under a heading, as clients of the document server know it. */
export function withHeadings(pages: readonly PageText[]): string {
  return pages.map(({ page, text }) => `[Page ${page}]\n${text}`).join("\n\n");
}

/** Everything that was read, for `read --json`; a box is left, top, right, bottom. */
export function describeDocument(document: DocumentText, name: string): Record<string, unknown> {
  return {
    name,
    format: document.format,
    sha256: document.sha256,
    page_count: document.pageCount,
    confidence: document.confidence,
    text: withHeadings(document.pages),
    fields: describeFields(findFields(document.pages)),
    pages: document.pages.map((page) => ({
      ...describePage(page),
      text: page.text,
      words: page.words.map(describeWord),
    })),
    warnings: warningsOf(document, "ask for the others with --pages"),
  };
}

/** What a reader should know about the text. @param advice What to do about pages above the limit of a call. */
export function warningsOf(
  { pages, unreadPages, warnings }: DocumentText,
  advice: string,
): string[] {
  if (unreadPages === 0) return warnings;
  const all = pages.length + unreadPages;
  return [`only the first ${pages.length} of ${all} pages were read; ${advice}`, ...warnings];
}

/** What the answer says about a page beside its text; width and height are in the unit of the boxes. */
export function describePage(page: PageText): Record<string, unknown> {
  return {
    page: page.page,
    source: page.source,
    confidence: page.confidence,
    rotation: page.rotation,
    skew: page.skew,
    language: page.language,
    width: round(page.width, 2),
    height: round(page.height, 2),
  };
}

/** A word with its place. */
export function describeWord({ text, confidence, box, line, paragraph }: Word): object {
  return { text, confidence: round(confidence, 4), box: describeBox(box), line, paragraph };
}

/** Fields by name. */
export function describeFields(fields: readonly Field[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.map(({ name, value, confidence, page, box, issues }) => [
      name,
      { value, confidence: round(confidence, 4), page, box: describeBox(box), issues },
    ]),
  );
}

function describeBox({ x0, y0, x1, y1 }: Box): number[] {
  return [x0, y0, x1, y1].map((number) => round(number, 2));
}

/** A number with at most so many digits after the point. */
export function round(number: number, digits: number): number {
  return Number(number.toFixed(digits));
}
