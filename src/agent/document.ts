import { McpError } from "@modelcontextprotocol/sdk/types.js";
import type { Masker } from "../core/privacy/masker.ts";
import { detected, type GuardedText, guardText } from "./guard.ts";
import type { AgentEvent, ClaimTask, StepOutput } from "./port.ts";
import { callStep, type ToolServers } from "./steps.ts";
import type { ToolAnswer, ToolServer } from "./toolServer.ts";

/** The most parts of a long text that are fetched; at the reader's 200,000 characters a part more than a book. */
const partLimitCount = 20;

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
    const tools = { ...run.tools, ocr: wholeTexts(run.tools.ocr) };
    const answer = yield* callStep(tools, "ocr_document", {
      stepId: `${task.runId}:1`,
      args: readingArguments(task.documentPath, run.language),
      signal: run.signal,
    });
    output = answer.isError ? {} : answer.output;
  }
  run.masker.learnFrom(output.fields);
  const text = typeof output.raw_text === "string" ? output.raw_text : "";
  const guarded = guardText(text, "ocr_document", run.masker);
  yield* detected(guarded.detections);
  return { output, guarded };
}

/** Reads a document as a run would, without a step. Undefined when the server answers that it cannot be read. */
export async function readAside(
  documentPath: string,
  { tools, language, signal }: { tools: ToolServers; language: string; signal: AbortSignal },
): Promise<StepOutput | undefined> {
  const answer = await wholeTexts(tools.ocr)
    .call("ocr_document", readingArguments(documentPath, language), signal)
    .catch((error: unknown) => {
      if (error instanceof McpError) return undefined;
      throw error;
    });
  return answer === undefined || answer.isError ? undefined : answer.output;
}

function readingArguments(documentPath: string, language: string) {
  return { document_path: documentPath, language, extract_structured: true };
}

/** A reader that puts the parts of a long text together, so that nothing at its end escapes the rules. */
function wholeTexts(server: ToolServer): ToolServer {
  return {
    label: server.label,
    url: server.url,
    listTools: (signal) => server.listTools(signal),
    close: () => server.close(),
    async call(name, args, signal) {
      const first = await server.call(name, args, signal);
      let last: ToolAnswer = first;
      let text = String(first.output.raw_text ?? "");
      for (let part = 1; part < partLimitCount && hasMore(last); part++) {
        last = await server.call(name, { ...args, cursor: last.output.next_cursor }, signal);
        text += String(last.output.raw_text ?? "");
      }
      if (last === first) return first;
      if (last.isError) return last;
      if (!hasMore(last))
        return { ...first, output: { ...first.output, raw_text: text, next_cursor: null } };
      const error = `Cannot read the document: its text has more than ${partLimitCount} parts`;
      return { isError: true, output: { success: false, error }, error };
    },
  };
}

function hasMore({ isError, output }: ToolAnswer): boolean {
  return !isError && typeof output.next_cursor === "string" && output.next_cursor !== "";
}
