import type * as z from "zod";
import type { Logger } from "../core/log.ts";

/** What a tool may do to the world: nothing, add to it, or change and remove what is there. */
export type Effect = "read" | "write" | "destroy";

/** One call of a tool, beside its arguments. */
export interface ToolCall {
  /** Aborted when the caller cancels or is gone. */
  readonly signal: AbortSignal;
  /** The id that leads from the client through this call to the query; undefined when nobody gave one. */
  readonly requestId: string | undefined;
  /** Who calls, as the front's access control knows it; undefined where callers have no names. */
  readonly principal: string | undefined;
  readonly log: Logger;
  /** Reports how far the work is, in steps of the tool's own unit; sent only when the caller asked for progress. */
  progress(done: number, total?: number, message?: string): void;
}

/** A tool as the kit holds it: data plus one verb. `Deps` is what the server opened at its start. */
export interface Tool<Deps> {
  readonly name: string;
  readonly title: string;
  /** What it returns, when to use it, what it caps and what to call next. */
  readonly description: string;
  readonly effect: Effect;
  /** True when a second call with the same arguments changes nothing more. Reads always are. */
  readonly idempotent: boolean;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  /** Other names under which an argument is accepted; they are not in the schema. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Only the work: no logging, catching, parsing or formatting. The result is the whole answer. */
  run(args: unknown, deps: Deps, call: ToolCall): Promise<Record<string, unknown>>;
}

/** A tool as its author writes it. */
export interface ToolDefinition<Deps, Input extends z.ZodObject> {
  name: string;
  title: string;
  description: string;
  effect: Effect;
  idempotent?: boolean;
  input: Input;
  output: z.ZodObject;
  aliases?: Readonly<Record<string, string>>;
  run(args: z.output<Input>, deps: Deps, call: ToolCall): Promise<Record<string, unknown>>;
}

/**
 * Defines a tool. Arguments are validated before `run` sees them, unknown names included.
 *
 * @example
 * defineTool({
 *   name: "get_note",
 *   title: "Get a note",
 *   description: "Returns one note by id. Call list_notes first to find the id.",
 *   effect: "read",
 *   input: z.strictObject({ id: z.string().describe("The note's id.") }),
 *   output: z.looseObject({}),
 *   run: ({ id }, notes: Notes) => notes.get(id),
 * });
 */
export function defineTool<Deps, Input extends z.ZodObject>(
  definition: ToolDefinition<Deps, Input>,
): Tool<Deps> {
  return {
    ...definition,
    idempotent: definition.idempotent ?? definition.effect === "read",
    aliases: definition.aliases ?? {},
    // The peer parses the arguments with `input` before it calls, so they have its output's type.
    run: (args, deps, call) => definition.run(args as z.output<Input>, deps, call),
  };
}
