import { extname } from "node:path";
import { AppError } from "../../../src/core/fault.ts";
import type { ExtractedDocument } from "./extracted.ts";
import { readHtml } from "./html.ts";
import { readMarkdown } from "./markdown.ts";
import { readPdf } from "./pdf.ts";
import { decodeText, readPlain } from "./plain.ts";

type Reader = (bytes: Uint8Array) => Promise<ExtractedDocument>;

const fromText =
  (read: (text: string) => ExtractedDocument): Reader =>
  async (bytes) =>
    read(decodeText(bytes));

/** How each kind of file is read, by its extension. */
const readers: Readonly<Record<string, Reader>> = {
  ".pdf": readPdf,
  ".md": fromText(readMarkdown),
  ".markdown": fromText(readMarkdown),
  ".html": fromText(readHtml),
  ".htm": fromText(readHtml),
  ".xhtml": fromText(readHtml),
  ".txt": fromText(readPlain),
  ".text": fromText(readPlain),
  ".log": fromText(readPlain),
};

/** The extensions of the files that are read as one document. */
export const documentExtensions: readonly string[] = Object.keys(readers);

/**
 * Reads a document by its extension; a PDF under another name is known by its first bytes.
 * @throws AppError `invalid_input` for what is no document that can be read.
 */
export async function extractDocument(name: string, bytes: Uint8Array): Promise<ExtractedDocument> {
  const isPdf = new TextDecoder("latin1").decode(bytes.subarray(0, 5)) === "%PDF-";
  const reader = isPdf ? readPdf : readers[extname(name).toLowerCase()];
  if (!reader) {
    throw new AppError(
      "invalid_input",
      `Cannot read ${JSON.stringify(name)}: no known kind of document`,
      {
        hint: `Known are ${documentExtensions.join(", ")}, .csv and .jsonl.`,
      },
    );
  }
  // A program under a text's name would fill the index with rubbish.
  if (reader !== readPdf && looksBinary(bytes)) {
    throw new AppError("invalid_input", `Cannot read ${JSON.stringify(name)}: it holds no text`);
  }
  return reader(bytes);
}

function looksBinary(bytes: Uint8Array): boolean {
  const isWide = (bytes[0] ?? 0) >= 0xfe && (bytes[1] ?? 0) >= 0xfe;
  return !isWide && bytes.subarray(0, 8192).includes(0);
}
