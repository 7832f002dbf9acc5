import type { ClaimsContext } from "../context.ts";
import { listSteps } from "../runs/read.ts";
import type { RunRow } from "../runs/start.ts";
import { createChange } from "../runs/wait.ts";

/** How long the facts wait for the reader's result to be stored, in milliseconds. */
const waitLimitMs = 3_000;
const lookMs = 500;

/**
 * Waits while the run's ocr_document is still open here. A model that runs its tools itself has the result before the
 * report of it has arrived, and the decision must not be made without the document.
 */
export async function untilDocumentStored(
  { database, bus }: ClaimsContext,
  run: RunRow,
): Promise<void> {
  const change = createChange();
  const unsubscribe = bus.subscribe(run.claimId, change.tell);
  const over = AbortSignal.any([bus.closing, AbortSignal.timeout(waitLimitMs)]);
  try {
    while (!over.aborted) {
      const steps = await listSteps(database, run.claimId, run.id);
      const isOpen = steps.some(
        ({ stepName, status }) => stepName === "ocr_document" && status === "running",
      );
      if (!isOpen) return;
      await change.next(over, lookMs);
    }
  } finally {
    unsubscribe();
  }
}
