import { promisify } from "node:util";
import { inflate } from "node:zlib";

/** What one compressed stream of a PDF may expand to, in bytes. */
const streamLimitBytes = 128 * 1024 * 1024;
/** What all compressed streams together may expand to, in bytes. */
const totalLimitBytes = 512 * 1024 * 1024;
/** What an object stream, which holds parts of the document's structure, may expand to, in bytes. */
const structureLimitBytes = 16 * 1024 * 1024;
/** The most streams that are looked at; a document with more is no claim document. */
const streamLimitCount = 20_000;

const inflated = promisify(inflate);

/** What was found in a PDF: its pages, or why it is refused. */
export type PdfFinding = { pageCount: number } | { problem: string; isTooLarge: boolean };

/**
 * Counts the pages of a PDF without drawing anything: page objects stand in the file or in compressed object streams.
 * Every compressed stream is expanded once within bounds, so that a bomb is found here and not in a reader.
 */
export async function inspectPdf(bytes: Buffer): Promise<PdfFinding> {
  const text = bytes.toString("latin1");
  if (/\/Encrypt\b/.test(text)) return refusal("the PDF is encrypted");
  let pageCount = countPages(text);
  let totalBytes = 0;
  let streams = 0;
  for (const { dictionary, start, end } of streamsOf(text)) {
    if (++streams > streamLimitCount) return tooLarge("the PDF has too many parts");
    const filters = dictionary.match(/\/(FlateDecode|Fl)\b/g)?.length ?? 0;
    if (filters > 1) return refusal("a part of the PDF is compressed more than once");
    if (filters === 0) continue;
    const isStructure = /\/Type\s*\/ObjStm\b/.test(dictionary);
    const limit = isStructure ? structureLimitBytes : streamLimitBytes;
    const expanded = await expand(bytes.subarray(start, end), limit);
    if (expanded === "too large") return tooLarge("the PDF expands beyond all bounds");
    totalBytes += expanded.length;
    if (totalBytes > totalLimitBytes) return tooLarge("the PDF expands beyond all bounds");
    if (isStructure) pageCount += countPages(expanded.toString("latin1"));
  }
  return pageCount === 0 ? refusal("the PDF has no pages") : { pageCount };
}

function refusal(problem: string): PdfFinding {
  return { problem, isTooLarge: false };
}

function tooLarge(problem: string): PdfFinding {
  return { problem, isTooLarge: true };
}

/** `/Type /Page`, but not `/Type /Pages`. */
function countPages(text: string): number {
  return text.match(/\/Type\s*\/Page(?![a-zA-Z])/g)?.length ?? 0;
}

/** The streams of a file with the dictionary before each. */
function* streamsOf(text: string): Generator<{ dictionary: string; start: number; end: number }> {
  const opening = /stream\r?\n/g;
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    if (text.slice(match.index - 3, match.index) === "end") continue;
    const start = match.index + match[0].length;
    const end = text.indexOf("endstream", start);
    const dictionary = text.slice(text.lastIndexOf(" obj", match.index), match.index);
    yield { dictionary, start, end: end === -1 ? text.length : end };
    if (end === -1) return;
    opening.lastIndex = end;
  }
}

/** A stream that is cut off or damaged counts as what could be read of it: none. */
async function expand(bytes: Buffer, limitBytes: number): Promise<Buffer | "too large"> {
  try {
    return await inflated(bytes, { maxOutputLength: limitBytes });
  } catch (error) {
    const isTooLarge = error instanceof RangeError || codeOf(error) === "ERR_BUFFER_TOO_LARGE";
    return isTooLarge ? "too large" : Buffer.alloc(0);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
