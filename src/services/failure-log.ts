import { findRefusal, type Refusal } from "../../db/failure.ts";

/** What the log may hold about a failure: no statement parameters and no row values, which can be personal data. */
export interface FailureDescription {
  type: string;
  sqlState?: string;
  constraint?: string | undefined;
  /** Left out for most of what the database says, because it quotes values. */
  message?: string;
  stack: readonly string[];
}

/** Connection, login, no such database, no such setting: these name roles, databases and settings, never row values. */
const quotableState = /^(08|28|3D|42704$)/;

/** Describes a failure for the log. */
export function describeFailure(error: unknown): FailureDescription {
  if (!(error instanceof Error)) return { type: typeof error, stack: [] };
  const stack = framesOf(error);
  const refusal = findRefusal(error);
  if (refusal) return { type: "PostgresError", ...withoutValues(refusal), stack };
  const innermost = innermostCause(error);
  return { type: innermost.name, message: innermost.message, stack };
}

/** The type is fixed above, because the driver takes its name from a class that a bundler renames. */
function withoutValues({
  message,
  ...refusal
}: Refusal): Omit<FailureDescription, "type" | "stack"> {
  return quotableState.test(refusal.sqlState) ? { ...refusal, message } : refusal;
}

/** Drizzle's own message repeats the parameters; the driver's below it does not. */
function innermostCause(error: Error): Error {
  let current = error;
  while (current.cause instanceof Error) current = current.cause;
  return current;
}

/** The lines that say where; the first ones repeat the message. */
function framesOf(error: Error): string[] {
  const lines = (error.stack ?? "").split("\n").map((line) => line.trim());
  return lines.filter((line) => line.startsWith("at ")).slice(0, 10);
}
