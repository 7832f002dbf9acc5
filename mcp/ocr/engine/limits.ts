/** Every bound of the engine, with its unit in its name and its reason beside it. */
export const limits = {
  /** The claims contract's bound for a document. */
  documentBytes: 100 * 1024 * 1024,
  /** A document inside the call itself: in base64 it fits into one message of 10 MiB, the longest on stdio. */
  inlineBytes: 7 * 1024 * 1024,
  /** A0 at 200 dpi is 62 million; a bitmap of this size takes four bytes a pixel while it is decoded. */
  pagePixels: 64_000_000,
  /** Recognition gains nothing from more: A4 at 300 dpi is 8.7 million. */
  recognizedPixels: 10_000_000,
  /** The core's heap may not grow above this; a page that needs more is refused. */
  heapBytes: 640 * 1024 * 1024,
  /** A worker whose heaps have grown above this is replaced after its page: wasm memory never shrinks. */
  keptHeapBytes: 200 * 1024 * 1024,
  /** One page on a busy machine; a worker that takes longer is stuck. */
  pageMs: 90_000,
  /** How long a worker that was told to end may take before its memory is taken away. */
  endMs: 250,
  /** One request with such a document inside. */
  messageBytes: 10 * 1024 * 1024,
  /** Documents whose bytes are in memory at the same time. */
  openDocuments: 4,
  /** Calls that wait for one of those places; one more is refused. */
  waitingCalls: 1_000,
  /** Base64 that such calls hold while they wait; a call that would hold more is refused. */
  waitingBytes: 64 * 1024 * 1024,
  /** Pages of one document that are under way at the same time, as a multiple of the workers. */
  pagesAheadPerWorker: 2,
  /** Results that are kept, by an estimate of their size. */
  cacheBytes: 64 * 1024 * 1024,
  /** Page counts that are kept, by an estimate of their size. */
  cachedCountsBytes: 1024 * 1024,
} as const;
