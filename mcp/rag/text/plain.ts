import { type ExtractedDocument, paragraphsOf } from "./extracted.ts";

/** Reads plain text: blank lines divide paragraphs. */
export function readPlain(text: string): ExtractedDocument {
  return { blocks: paragraphsOf(text), warnings: [] };
}

/**
 * Decodes a file's bytes: by its byte order mark, else UTF-8, else Windows-1252, which is what text that is no UTF-8
 * most often is in the West.
 */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
