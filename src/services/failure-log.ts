import { findRefusal } from "../../db/failure.ts";

/** What the log may hold about a failure: no statement parameters and no row values, which can be personal data. */
export interface FailureDescription {
  type: string;
  sqlState?: string;
  constraint?: string | undefined;
  /** Left out for what the database said, because it quotes values. */
  message?: string;
  stack: readonly string[];
}

/** Describes a failure for the log. */
export function describeFailure(error: unknown): FailureDescription {
  if (!(error instanceof Error)) return { type: typeof error, stack: [] };
  const stack = framesOf(error);
  const refusal = findRefusal(error);
  if (refusal) return { type: error.name, ...refusal, stack };
  const innermost = innermostCause(error);
  return { type: innermost.name, message: innermost.message, stack };
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
