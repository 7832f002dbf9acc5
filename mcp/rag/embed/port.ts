import type { ModelRecord } from "../store/port.ts";

/** Turns texts into vectors. A model that is fitted must be fitted or restored before it embeds. */
export interface Embedder {
  /** What the store keeps beside the vectors: the same record means comparable vectors. */
  readonly model: ModelRecord;
  /** One vector a text, in order. `AppError` `unavailable` when it cannot answer: callers go on without vectors. */
  embedDocuments(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]>;
  embedQuery(text: string, signal?: AbortSignal): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Makes the embedder that the settings name. `stored` is what the index was built with. */
export interface EmbedderSource {
  /** For people: `endpoint`, `onnx`, `built-in`. */
  readonly kind: string;
  /** Opens the embedder for an index whose vectors were made with `stored`; undefined when it must be fitted first. */
  open(stored: ModelRecord | undefined): Promise<Embedder | undefined>;
  /** Fits on a sample of an index of so many chunks and opens; embedders that are not fitted ignore both. */
  fit(sample: readonly string[], chunks?: number): Promise<Embedder>;
  /** Whether an index of so many chunks should be fitted anew; never when absent. */
  isOutgrown?(stored: ModelRecord, chunks: number): boolean;
}
