/** A part of a document that is not divided without need. */
export interface Block {
  kind: "heading" | "paragraph" | "table";
  text: string;
  /** Of a heading: 1 is the outermost. */
  level?: number;
  /** The page it begins on, from 1, where the source has pages. */
  page?: number;
}

/** What is read of a document, whatever its format. */
export interface ExtractedDocument {
  /** As the document gives it; undefined when it gives none. */
  title?: string;
  blocks: readonly Block[];
  /** What could not be read, for people. */
  warnings: readonly string[];
}

/** Blanks and control characters put in order; line feeds stay. */
export function tidy(text: string): string {
  return text
    .replace(/\r\n?|\u2028|\u2029|\f|\v/g, "\n")
    .replace(/[^\P{Cc}\n\t]|\ufeff|\u00ad/gu, "")
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** The paragraphs of a text: what blank lines divide. */
export function paragraphsOf(text: string, page?: number): Block[] {
  return tidy(text)
    .split(/\n{2,}/)
    .filter((part) => part !== "")
    .map((part) => ({ kind: "paragraph", text: part, ...(page !== undefined && { page }) }));
}

/** The rows of a table as lines, cells divided by bars; empty rows are left out. */
export function tableText(rows: readonly (readonly string[])[]): string {
  return rows
    .map((cells) => cells.map((cell) => tidy(cell).replaceAll("\n", " ")).join(" | "))
    .filter((line) => /[^\s|]/.test(line))
    .join("\n");
}
