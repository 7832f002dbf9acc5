import type { Format, PageText } from "./model.ts";
import type { RefusalCode } from "./refusal.ts";

/** A document as workers get it: all threads share the same bytes. */
export interface SharedDocument {
  /** Its content's sha256, in hexadecimal. */
  key: string;
  format: Format;
  bytes: Uint8Array<SharedArrayBuffer>;
}

/** What a worker can be asked. */
export type Task =
  | { kind: "inspect"; document: SharedDocument }
  | {
      kind: "page";
      document: SharedDocument;
      /** From 1. */
      page: number;
      /** Language codes; empty means that the worker finds out. */
      languages: readonly string[];
      /** What earlier pages turned out to be; only a start for finding out. */
      likely: string;
      dpi: number;
    }
  /** The document with the text of the pages that were recognised behind its pictures. */
  | { kind: "searchable"; document: SharedDocument; pages: readonly PageText[] }
  /** One page as a picture, with a frame around each word that was read on it. */
  | { kind: "show"; document: SharedDocument; page: PageText };

/** What each kind of task gives. */
export interface Results {
  inspect: { pages: number };
  page: PageText;
  /** A PDF. */
  searchable: { bytes: Uint8Array };
  /** A PNG. */
  show: { bytes: Uint8Array };
}

export type Result = Results[Task["kind"]];

/** The engines that threads share: compiled once, and each function made fast once. */
export type EngineName = "core" | "pdfium";

/** From the pool to a worker: where further language data lies, the engines when they are compiled, and tasks. */
export type ToWorker =
  | { languagesFolder: string }
  | { engine: EngineName; compiled: WebAssembly.Module }
  | { task: Task };

/** The answer to a task; `heapBytes` is what the worker's wasm heaps have grown to. */
export type Reply = { heapBytes: number } & (
  | { result: Result }
  | { refusal: { code: RefusalCode; message: string } }
  /** A crash inside wasm or a bug of ours: the worker cannot be trusted any more. */
  | { bug: string }
);

/** Where a wasm memory lies, so that it can be taken away from a worker that is stuck in it. */
export interface MemoryPlace {
  address: bigint;
  bytes: number;
}

export type FromWorker = Reply | MemoryPlace;
