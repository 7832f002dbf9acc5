import { AppError } from "../../../src/core/fault.ts";
import type { ModelRecord } from "../store/port.ts";

/**
 * Refuses an index whose vectors another model made: vectors of two models have nothing to say to each other.
 * @throws AppError `conflict`
 */
export function refuseOtherModel(stored: ModelRecord, configured: string): never {
  throw new AppError(
    "conflict",
    `Cannot use the embedding model ${JSON.stringify(configured)}: the index was made with ${JSON.stringify(stored.id)}`,
    {
      hint: "Run `rag-mcp reembed` to make all vectors anew, or configure the model of the index.",
    },
  );
}
