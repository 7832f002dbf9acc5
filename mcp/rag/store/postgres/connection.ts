import { SQL } from "bun";
import { AppError } from "../../../../src/core/fault.ts";

/** Connections of one process; searches take one each for some milliseconds. */
const connectionsLimit = 10;
/** How long a connection may take to open, in seconds. */
const connectLimitSeconds = 10;
/** How long a statement may take, in milliseconds; building an HNSW index of a large collection is the longest. */
const statementLimitMs = 600_000;

/** Runs one statement: parameters are `$1`, `$2`, …; texts, numbers and nothing else. */
export type Run = <Row>(
  text: string,
  values?: readonly (string | number | null)[],
) => Promise<Row[]>;

/** An open PostgreSQL. */
export interface PostgresConnection {
  run: Run;
  /** Runs statements in one transaction. */
  begin<T>(work: (run: Run) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Opens a pool of connections; nothing is connected before the first statement. */
export function connect(url: string): PostgresConnection {
  const sql = new SQL(url, {
    max: connectionsLimit,
    connectionTimeout: connectLimitSeconds,
    connection: { statement_timeout: statementLimitMs, application_name: "rag-mcp" },
  });
  return {
    run: runOn(sql),
    begin: (work) => sql.begin((transaction) => work(runOn(transaction))),
    close: () => sql.close(),
  };
}

function runOn(sql: Pick<SQL, "unsafe">): Run {
  // The statement's columns have the names and types of `Row`; each caller writes both.
  return async <Row>(text: string, values: readonly (string | number | null)[] = []) =>
    [...(await sql.unsafe(text, [...values]))] as Row[];
}

/** SQLSTATE codes (PostgreSQL manual, appendix A) that the operator can act on; two letters stand for their class. */
const reasons: Readonly<Record<string, [AppError["fault"], string, string]>> = {
  "08": ["unavailable", "the connection was lost", "Try again; check that the database runs."],
  "28": ["invalid_config", "the user or password is refused", "Correct RAG_DB."],
  "3D": ["invalid_config", "there is no such database", "Create it, or correct RAG_DB."],
  "53": ["unavailable", "the server has no room or connections left", "Free some, then try again."],
  "57": [
    "unavailable",
    "the server ended the statement",
    "Try again; check that the database runs.",
  ],
  "42501": [
    "invalid_config",
    "the user may not do this",
    "Grant the user of RAG_DB what the action needs.",
  ],
  "0A000": [
    "invalid_config",
    "pgvector is not installed",
    "Install the extension vector on the server.",
  ],
  "58P01": [
    "invalid_config",
    "pgvector is not installed",
    "Install the extension vector on the server.",
  ],
  "25006": ["unavailable", "it is read-only", "Searching works; write on the primary."],
};

/** Does a work on the database; what its world makes of it becomes a fault. */
export async function translating<T>(action: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translated(action, error);
  }
}

function translated(action: string, error: unknown): unknown {
  const { code, errno } = Object(error);
  if (typeof code !== "string" || !code.startsWith("ERR_POSTGRES")) return error;
  const state = String(errno ?? "");
  const known = reasons[state] ?? reasons[state.slice(0, 2)];
  if (known === undefined && errno !== undefined) return error;
  const [fault, words, hint] = known ?? [
    "unavailable",
    "the database cannot be reached",
    "Check that it runs and that RAG_DB names it.",
  ];
  return new AppError(fault, `Cannot ${action} in PostgreSQL: ${words}`, { hint, cause: error });
}
