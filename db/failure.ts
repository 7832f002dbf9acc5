import { AppError } from "../src/core/fault.ts";

/** What the server said about a statement that it refused. */
export interface Refusal {
  /** The five characters of PostgreSQL's appendix A. */
  sqlState: string;
  constraint: string | undefined;
  /** The server's words, which can quote row values. */
  message: string;
}

/**
 * SQLSTATE classes and codes that say "not now" and nothing about the statement: connection (08), login (28), resources
 * (53), operator intervention and timeouts (57), system errors (58), no such database, read-only standby, a pause inside a
 * transaction, lock timeout, serialization and deadlock.
 */
const passingState = /^(08|28|53|57|58|3D000|25006|25P03|55P03|40001|40P01)/;
/** The drivers' own codes for a connection that was refused, closed or timed out, and those of the sockets below. */
const connectionCode = /^(ERR_POSTGRES_|CONNECT|E[A-Z_]+$)/;

/** The refusal behind an error, or undefined when the server did not refuse a statement. */
export function findRefusal(error: unknown): Refusal | undefined {
  for (const { code, errno, constraint, constraint_name, message } of causesOf(error)) {
    // Bun.sql has the SQLSTATE in `errno`, postgres.js in `code`.
    const sqlState = [errno, code].find(isSqlState);
    if (sqlState === undefined) continue;
    const named = [constraint, constraint_name].find(isText);
    return { sqlState, constraint: named, message: String(message) };
  }
  return undefined;
}

/** True when the error is a violation of a unique index, of this one if it is named. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const refusal = findRefusal(error);
  if (refusal?.sqlState !== "23505") return false;
  return constraint === undefined || refusal.constraint === constraint;
}

/** True when the database, not the statement, is the reason. */
export function isUnavailable(error: unknown): boolean {
  const refusal = findRefusal(error);
  if (refusal) return passingState.test(refusal.sqlState);
  for (const { code } of causesOf(error)) {
    // The server turned a commit into a rollback because a failed statement was swallowed: a bug of ours.
    if (code === "ERR_POSTGRES_COMMIT_ROLLED_BACK") return false;
    if (isText(code) && connectionCode.test(code)) return true;
  }
  return false;
}

/** The fault that every service answers while its database cannot be used. */
export function databaseUnavailable(state: string, cause?: unknown): AppError {
  return new AppError("unavailable", `Cannot query the database: ${state}`, {
    hint: "Try again in a few seconds; see the service's log if it lasts.",
    cause,
  });
}

/** The error and what caused it: Drizzle wraps the driver's error. */
function* causesOf(error: unknown): Generator<Record<string, unknown>> {
  let current = error;
  while (current instanceof Error) {
    // An error is an object whose further fields depend on the driver; each is checked before use.
    yield current as unknown as Record<string, unknown>;
    current = current.cause;
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isSqlState(value: unknown): value is string {
  return isText(value) && /^[0-9A-Z]{5}$/.test(value);
}
