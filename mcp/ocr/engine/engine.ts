import { countWorkers } from "./cores.ts";
import { sniffFormat } from "./format.ts";
import { listLanguages } from "./languages.ts";
import { limits } from "./limits.ts";
import { type Format, meanConfidence, type PageText } from "./model.ts";
import { parsePageList } from "./page-list.ts";
import { Places } from "./places.ts";
import { Pool } from "./pool.ts";
import type { SharedDocument } from "./protocol.ts";
import { Refusal } from "./refusal.ts";
import { SharedWork } from "./shared-work.ts";

/** How an engine is opened. */
export interface EngineOptions {
  /** Threads; 0 takes what the machine allows. */
  workers: number;
  /** Where further language data lies; empty for none. */
  languagesFolder: string;
  /** A longer document is read up to here, and says so. */
  pagesLimit: number;
  /** The resolution at which scanned PDF pages are read, in dots per inch. */
  dpi: number;
  onTrouble(trouble: { reason: string; isRetried: boolean }): void;
}

/** One reading of a document. */
export interface ReadRequest {
  bytes: Uint8Array<SharedArrayBuffer>;
  /** Codes of `Engine.languages`; empty to find out page by page. */
  languages: readonly string[];
  /** For example "1-3,7"; empty for all. */
  pages: string;
  signal: AbortSignal;
  /** Called with 0 as soon as the number of pages is known, and after each page. */
  onPage(done: number, total: number): void;
}

/** A document as it was read. */
export interface DocumentText {
  format: Format;
  sha256: string;
  /** Pages of the document, read or not. */
  pageCount: number;
  /** Ascending. */
  pages: PageText[];
  /** Pages that were asked for beyond what one call reads. */
  unreadPages: number;
  confidence: number;
  warnings: string[];
}

/** Characters of a list of pages that a message repeats. */
const quotedCharacters = 60;

/** Reads documents; see `Engine.read`. */
export class Engine {
  readonly languages: readonly string[];
  readonly #options: EngineOptions;
  readonly #pool: Pool;
  readonly #counts: SharedWork<number>;
  readonly #pages: SharedWork<PageText>;
  readonly #places: Places;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.languages = listLanguages(options.languagesFolder);
    this.#pool = new Pool({ ...options, workers: options.workers || countWorkers() });
    this.#counts = new SharedWork({ limitBytes: limits.cachedCountsBytes, sizeOf: () => 256 });
    this.#pages = new SharedWork({ limitBytes: limits.cacheBytes, sizeOf: sizeOfPage });
    this.#places = new Places({
      places: limits.openDocuments,
      waitingLimit: limits.waitingCalls,
      heldLimitBytes: limits.waitingBytes,
    });
  }

  /** What is under way, for the health check. */
  get load(): { workers: number; busy: number; waiting: number; cachedBytes: number } {
    const { busy, waiting } = this.#pool.load;
    return {
      workers: this.#pool.size,
      busy,
      waiting: waiting + this.#places.waiting,
      cachedBytes: this.#pages.keptBytes,
    };
  }

  /** True when one more call, which holds so many bytes, would only make all wait longer than anyone does. */
  isFull(heldBytes: number): boolean {
    return this.#places.isFull(heldBytes);
  }

  /** Holds one of the places for documents in memory while `work` opens and reads one. */
  admit<Value>(
    wait: { signal: AbortSignal; heldBytes: number },
    work: () => Promise<Value>,
  ): Promise<Value> {
    return this.#places.use(wait, work);
  }

  /**
   * Reads the pages that were asked for, several at a time. A page that cannot be read becomes an empty one with a
   * warning, unless no page can be read.
   * @throws Refusal when the document cannot be read; the signal's reason when it is aborted.
   */
  async read(request: ReadRequest): Promise<DocumentText> {
    const document = describe(request.bytes);
    const { signal } = request;
    const inspect = async (work: AbortSignal) =>
      (await this.#pool.run({ kind: "inspect", document }, work)).pages;
    const pageCount = await this.#counts.get(document.key, inspect, signal);
    const { numbers, unreadPages, warnings } = this.#choosePages(request.pages, pageCount);
    request.onPage(0, numbers.length);
    const pages = await this.#readPages(document, numbers, request);
    return {
      format: document.format,
      sha256: document.key,
      pageCount,
      pages,
      unreadPages,
      confidence: meanConfidence(pages.flatMap(({ words }) => words)),
      warnings: [...warnings, ...pages.flatMap((page) => page.warnings)],
    };
  }

  /** The document as a PDF whose recognised text can be found. @throws Refusal as `read` does. */
  async makeSearchable(
    bytes: ReadRequest["bytes"],
    pages: readonly PageText[],
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const task = { kind: "searchable" as const, document: describe(bytes), pages };
    return (await this.#pool.run(task, signal)).bytes;
  }

  /** A page as PNG, with a frame around each word in the colour of its confidence. */
  async showPage(
    bytes: ReadRequest["bytes"],
    page: PageText,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const task = { kind: "show" as const, document: describe(bytes), page };
    return (await this.#pool.run(task, signal)).bytes;
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  #choosePages(
    list: string,
    pageCount: number,
  ): { numbers: number[]; unreadPages: number; warnings: string[] } {
    const wanted = parsePageList(list, pageCount);
    const named = JSON.stringify(list.slice(0, quotedCharacters));
    if (wanted === undefined) throw new Refusal("no_such_page", `${named} is no list of pages`);
    const size = `the document has ${pageCount} ${pageCount === 1 ? "page" : "pages"}`;
    const { numbers, hasOthers } = wanted;
    if (numbers.length === 0)
      throw new Refusal("no_such_page", `${named} names none of its pages; ${size}`);
    const limit = this.#options.pagesLimit;
    return {
      numbers: numbers.slice(0, limit),
      unreadPages: Math.max(0, numbers.length - limit),
      warnings: hasOthers ? [`${named} names pages that are not there; ${size}`] : [],
    };
  }

  /** Some pages ahead of the workers at most: the queue stays fair to other documents. */
  async #readPages(
    document: SharedDocument,
    numbers: readonly number[],
    request: ReadRequest,
  ): Promise<PageText[]> {
    const pages: PageText[] = [];
    const state = { next: 0, done: 0, likely: "eng", refused: [] as Refusal[] };
    const readSome = async () => {
      for (let place = state.next++; place < numbers.length; place = state.next++) {
        const page = numbers[place] ?? 0;
        const text = await this.#readPage({ document, page, likely: state.likely }, request).catch(
          (error) => failedPage(error, page, state.refused),
        );
        if (text.language) state.likely = text.language;
        pages[place] = text;
        request.onPage(++state.done, numbers.length);
      }
    };
    const ahead = this.#pool.size * limits.pagesAheadPerWorker;
    await Promise.all(Array.from({ length: Math.min(ahead, numbers.length) }, readSome));
    const [first] = state.refused;
    if (first && state.refused.length === numbers.length) throw first;
    return pages;
  }

  #readPage(
    { document, page, likely }: { document: SharedDocument; page: number; likely: string },
    { languages, signal }: ReadRequest,
  ): Promise<PageText> {
    const { dpi } = this.#options;
    const task = { kind: "page" as const, document, page, languages, likely, dpi };
    const key = [document.key, page, languages.join("+") || "auto"].join("/");
    return this.#pages.get(key, (work) => this.#pool.run(task, work), signal);
  }
}

/** @throws Refusal `empty` or `unsupported`. */
function describe(bytes: Uint8Array<SharedArrayBuffer>): SharedDocument {
  if (bytes.length === 0) throw new Refusal("empty", "the file is empty");
  const format = sniffFormat(bytes);
  if (format === undefined)
    throw new Refusal("unsupported", "its content is none of the formats that are read");
  return { key: new Bun.CryptoHasher("sha256").update(bytes).digest("hex"), format, bytes };
}

/** The page that stands for one that cannot be read. Its confidence of 0 keeps anyone from trusting it. */
function failedPage(error: unknown, page: number, refused: Refusal[]): PageText {
  if (!(error instanceof Refusal)) throw error;
  refused.push(error);
  return {
    page,
    source: "ocr",
    confidence: 0,
    rotation: 0,
    skew: 0,
    language: "",
    width: 0,
    height: 0,
    text: "",
    words: [],
    warnings: [`page ${page}: it could not be read: ${error.message}`],
  };
}

/** An estimate: a word takes its text, its box and the objects around them. */
function sizeOfPage({ text, words }: PageText): number {
  return 512 + text.length * 2 + words.length * 240;
}
