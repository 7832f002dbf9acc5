import { PDFiumLibrary } from "@hyzyla/pdfium";
import wasmPath from "@hyzyla/pdfium/pdfium.wasm" with { type: "file" };
import { embeddedPath } from "../../../src/core/built.ts";
import { AppError } from "../../../src/core/fault.ts";
import { type Block, type ExtractedDocument, paragraphsOf } from "./extracted.ts";

/** Pages that are read at most; a longer document is cut with a warning. */
const pagesLimit = 2_000;

let opened: Promise<PDFiumLibrary> | undefined;

/** One library for the process: it takes 50 ms and 20 MB to open. */
function openLibrary(): Promise<PDFiumLibrary> {
  opened ??= Bun.file(embeddedPath(wasmPath))
    .arrayBuffer()
    .then((wasmBinary) => PDFiumLibrary.init({ wasmBinary }));
  return opened;
}

/** Reads the text layer of a PDF, page by page; scans have none and are the document server's business. */
export async function readPdf(bytes: Uint8Array): Promise<ExtractedDocument> {
  const library = await openLibrary();
  const document = await library.loadDocument(bytes).catch((cause: unknown) => {
    throw new AppError("invalid_input", "Cannot read the PDF: it is damaged or has a password", {
      cause,
    });
  });
  try {
    const pages = document.getPageCount();
    const blocks: Block[] = [];
    const empty: number[] = [];
    for (let page = 1; page <= Math.min(pages, pagesLimit); page++) {
      const found = blocksOfPage(document.getPage(page - 1).getText(), page);
      if (found.length === 0) empty.push(page);
      blocks.push(...found);
    }
    return { blocks, warnings: warningsFor(pages, empty) };
  } finally {
    document.destroy();
  }
}

function warningsFor(pages: number, empty: readonly number[]): string[] {
  const warnings: string[] = [];
  if (empty.length > 0) {
    const named = empty.slice(0, 20).join(", ") + (empty.length > 20 ? ", …" : "");
    warnings.push(`no text layer on page ${named}: read it with the document server`);
  }
  if (pages > pagesLimit) warnings.push(`only the first ${pagesLimit} of ${pages} pages are read`);
  return warnings;
}

/** Lines of a page joined to paragraphs; a line ends one when it is short, ends a sentence, or a heading follows. */
function blocksOfPage(text: string, page: number): Block[] {
  const lines = text.replace(/\ufffe|\u0002/g, "-").split(/\r?\n/);
  const width = Math.max(...lines.map((line) => line.length), 1);
  let joined = "";
  for (const [at, line] of lines.entries()) {
    const next = lines[at + 1]?.trim() ?? "";
    if (isHeading(line) && next !== "") {
      joined += `\n\n${headingMark}${line.trim()}\n\n`;
      continue;
    }
    const isWordCut = /\p{Ll}-$/u.test(line) && /^\p{Ll}/u.test(next);
    const isEnd = line.trim() === "" || (line.length < width * 0.6 && /[.:;!?»"]\s*$/.test(line));
    joined += isWordCut ? line.slice(0, -1) : `${line}${isEnd ? "\n\n" : "\n"}`;
  }
  return paragraphsOf(joined, page).map((block) =>
    block.text.startsWith(headingMark)
      ? { ...block, kind: "heading", level: 2, text: block.text.slice(headingMark.length) }
      : block,
  );
}

/** Stands before a line that was taken for a heading; no PDF's text holds it. */
const headingMark = "\u{f0000}";

/** `3.2 Exclusions`, `ARTICLE IV`, `Section 5`; never a line with a figure or the end of a sentence. */
function isHeading(line: string): boolean {
  const text = line.trim();
  if (text.length < 4 || text.length > 80 || /[.,;:!?]$/.test(text)) return false;
  if (/^(?:article|section|chapter|chapitre|annexe?|part|partie)\s+[\dIVX]+\b/i.test(text))
    return true;
  return /^\d+(?:\.\d+)*\.?\s+\p{Lu}[\p{L} ,'’-]+$/u.test(text);
}
