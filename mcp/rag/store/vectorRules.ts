import { AppError } from "../../../src/core/fault.ts";
import type { ModelRecord } from "./port.ts";

/** Whether a chunk has its vector: not yet, or it has one, or the model can say nothing of its text. */
export const vectorStates = { missing: 0, stored: 1, empty: 2 } as const;

/** What becomes of a chunk with this vector; one of zeros has no direction, so that nothing is near to it. */
export function vectorState(vector: Float32Array | undefined): number {
  if (vector === undefined) return vectorStates.missing;
  return isEmpty(vector) ? vectorStates.empty : vectorStates.stored;
}

/** Whether a vector has no direction. */
export function isEmpty(vector: Float32Array): boolean {
  return vector.every((value) => value === 0);
}

/** Whether two records mean comparable vectors. */
export function isSameModel(one: ModelRecord, other: ModelRecord): boolean {
  return (
    one.id === other.id &&
    one.dimensions === other.dimensions &&
    one.documentPrefix === other.documentPrefix &&
    one.queryPrefix === other.queryPrefix
  );
}

/** The refusal of another model than the index's. */
export function mixedModels(stored: ModelRecord, given: string): AppError {
  const state = `its vectors are of "${stored.id}"`;
  return new AppError("conflict", `Cannot use the model "${given}" with this index: ${state}`, {
    hint: "Keep that model, or make all vectors anew with rag-mcp reembed.",
  });
}

/** The refusal of vectors while no model is set. */
export function noModel(id: string): AppError {
  return new AppError("conflict", `Cannot add vectors of "${id}": the index has no model yet`, {
    hint: "Set the store's model first.",
  });
}

/** What is embedded of a chunk: its headings say what its text is about. */
export function textToEmbed(chunk: { title: string; headings: string; text: string }): string {
  const headings: string[] = JSON.parse(chunk.headings);
  return [chunk.title, ...headings, chunk.text].filter((part) => part !== "").join("\n");
}

/** The refusal of a vector that the index's cannot be compared with. */
export function wrongDimensions(
  live: { model_id: string; dimensions: number },
  given: number,
): AppError {
  const state = `the index holds ${live.dimensions} of model "${live.model_id}"`;
  return new AppError("conflict", `Cannot use a vector of ${given} dimensions: ${state}`, {
    hint: "Use that model, or make all vectors anew with rag-mcp reembed.",
  });
}
