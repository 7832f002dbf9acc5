import type { Masker } from "../core/privacy/masker.ts";
import { detected, type GuardedText, guardText } from "./guard.ts";
import type { AgentEvent, ClaimTask, StepOutput } from "./port.ts";
import { callStep, type ToolServers } from "./steps.ts";

/** What a run knows of its document. */
export interface ReadDocument {
  readonly output: StepOutput;
  readonly guarded: GuardedText;
}

/**
 * Reads the document, as the first step of every run, and looks through its text. Both adapters read it themselves: the
 * rules need it as it is printed, and a model may only see it masked.
 */
export async function* readDocument(
  task: ClaimTask,
  run: { tools: ToolServers; language: string; masker: Masker; signal: AbortSignal },
): AsyncGenerator<AgentEvent, ReadDocument> {
  let output: StepOutput = { raw_text: task.documentText ?? "" };
  if (!task.options.skipOcr) {
    const answer = yield* callStep(run.tools, "ocr_document", {
      stepId: `${task.runId}:1`,
      args: {
        document_path: task.documentPath,
        language: run.language,
        extract_structured: true,
      },
      signal: run.signal,
    });
    output = answer.isError ? {} : answer.output;
  }
  const text = typeof output.raw_text === "string" ? output.raw_text : "";
  const guarded = guardText(text, "ocr_document", run.masker);
  yield* detected(guarded.detections);
  return { output, guarded };
}
