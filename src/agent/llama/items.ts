import type { StepOutput } from "../port.ts";
import { parseOutput, reasonOf } from "../toolServer.ts";

/** An output item of a response, as far as any version agrees on it. */
export type OutputItem = Readonly<Record<string, unknown>>;

/** Texts that Llama Stack puts in the place of a reason. */
const emptyErrors =
  /^Error \(code -?\d+\): None$|unhandled errors in a TaskGroup|^None$|^Tool execution failed$/i;

/** What a finished mcp_call item says. */
export interface CallResult {
  readonly isError: boolean;
  readonly output: StepOutput | null;
  /** The reason of an error; undefined when the stack gives none. */
  readonly error: string | undefined;
}

/** Reads a finished tool call. A call without output has failed, whatever its error says. */
export function readCall(item: OutputItem): CallResult {
  const text = textOf(item.output);
  const output = text === "" ? null : parseOutput(text);
  const said = errorOf(item.error);
  const isError =
    said !== undefined || output === null || output.success === false || item.status === "failed";
  if (!isError) return { isError, output, error: undefined };
  const fromOutput = output === null ? undefined : reasonOf(output);
  const useful = said === undefined || emptyErrors.test(said) ? undefined : said;
  return { isError, output, error: fromOutput ?? useful };
}

/** The text of a message item, refusals included. */
export function messageText(item: OutputItem): string {
  if (typeof item.content === "string") return item.content;
  const parts = Array.isArray(item.content) ? item.content : [];
  return parts
    .map((part: unknown) => String(Object(part).text ?? Object(part).refusal ?? ""))
    .join("");
}

/** A tool call's output is a text, or parts that older versions join by one blank. */
function textOf(output: unknown): string {
  if (typeof output === "string") return output;
  if (output === null || output === undefined) return "";
  if (!Array.isArray(output)) return JSON.stringify(output);
  return output.map((part: unknown) => String(Object(part).text ?? part)).join(" ");
}

function errorOf(error: unknown): string | undefined {
  if (error === null || error === undefined || error === "") return undefined;
  if (typeof error === "string") return error;
  const { message } = Object(error);
  return typeof message === "string" ? message : JSON.stringify(error);
}
