import { join } from "node:path";
import { longText } from "../corpus/catalogue.ts";
import type { CorpusDocument } from "../corpus/make.ts";
import { corpusFolder } from "../corpus/ready.ts";
import { addErrors, canonical, countErrors, type ErrorCount, noErrors } from "./ocrErrors.ts";
import { readNative } from "./ocrNative.ts";
import type { OcrServer, ReadDocument } from "./ocrServer.ts";

/** One reader of the corpus. */
export interface Reader {
  name: string;
  /** The text of each page of a document. */
  readPages(document: CorpusDocument): Promise<ReaderPages>;
}

interface ReaderPages {
  texts: string[];
  /** What the reader itself took for fields, by name; absent where it looks for none. */
  fields?: Readonly<Record<string, string>>;
}

/** How one page was read by one reader. */
export interface PageScore {
  reader: string;
  document: string;
  page: number;
  kind: string;
  condition: string;
  errors: ErrorCount;
  /** Fields that the reader named by itself, with the printed value; absent where it looks for none. */
  extracted?: number;
}

/** How many documents are read at a time by each side: one a core. */
const parallel = 2;

/** Reads all documents but the long text; returns the scores and the seconds that it took. */
export async function scoreReader(
  reader: Reader,
  documents: readonly CorpusDocument[],
): Promise<{ scores: PageScore[]; seconds: number }> {
  // The longest first, so that at the end no side waits for its second core.
  const queue = documents
    .filter(({ name }) => name !== longText)
    .toSorted((left, right) => right.pages.length - left.pages.length);
  const scores: PageScore[] = [];
  const beganAtMs = performance.now();
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      for (let document = queue.shift(); document !== undefined; document = queue.shift()) {
        scores.push(...scoreDocument(reader.name, document, await reader.readPages(document)));
      }
    }),
  );
  return { scores, seconds: (performance.now() - beganAtMs) / 1000 };
}

function scoreDocument(reader: string, document: CorpusDocument, read: ReaderPages): PageScore[] {
  const values = Object.values(document.fields);
  return document.pages.map(({ kind, condition, text }, index) => {
    const errors = countErrors(read.texts[index] ?? "", text, values);
    const score = { reader, document: document.name, page: index + 1, kind, condition, errors };
    if (read.fields === undefined) return score;
    const { fields } = read;
    const right = Object.entries(document.fields).filter(
      ([name, value]) => canonical(fields[name] ?? "") === canonical(value),
    );
    return { ...score, extracted: right.length };
  });
}

/** Our server, asked for one document at a time by each of two callers. */
export function ourReader(server: OcrServer): Reader {
  return {
    name: "ocr-mcp",
    async readPages({ file, language, pages }) {
      const read = await server.read({
        document_path: join(corpusFolder, file),
        language,
        extract_structured: true,
      });
      return { texts: splitPages(read, pages.length), fields: fieldsOf(read) };
    },
  };
}

/** pdftoppm and tesseract, two processes at a time; `segmentation` 1 finds orientations too. */
export function nativeReader(name: string, segmentation: number): Reader {
  return {
    name,
    async readPages({ file, dpi, language, pages }) {
      const texts: string[] = [];
      for (let page = 1; page <= pages.length; page++) {
        const path = join(corpusFolder, file);
        texts.push(await readNative({ file: path, page, dpi, language }, segmentation));
      }
      return { texts };
    },
  };
}

/** The text of each page; a document of one page has no headings. */
function splitPages({ raw_text }: ReadDocument, count: number): string[] {
  const parts = raw_text.split(/^\[Page (\d+)\]$/m);
  if (parts.length === 1) return [raw_text];
  const texts = Array.from({ length: count }, () => "");
  for (let at = 1; at < parts.length; at += 2) texts[Number(parts[at]) - 1] = parts[at + 1] ?? "";
  return texts;
}

function fieldsOf({ fields }: ReadDocument): Record<string, string> {
  const read = Object.entries(fields ?? {});
  return Object.fromEntries(read.map(([name, field]) => [name, `${field?.value ?? ""}`]));
}

/** The sums over the pages that a test selects. */
export function sumScores(
  scores: readonly PageScore[],
  isWanted: (score: PageScore) => boolean,
): ErrorCount & { pages: number } {
  const wanted = scores.filter(isWanted);
  return {
    ...wanted.map(({ errors }) => errors).reduce(addErrors, noErrors),
    pages: wanted.length,
  };
}
