import { SQL } from "bun";
import { fillPlaceholders, type Query } from "drizzle-orm";
import { type BunSQLDatabase, drizzle } from "drizzle-orm/bun-sql";
import postgres from "postgres";
import { resolveNamesAfresh } from "../src/core/freshNames.ts";
import type { DatabaseAddress } from "./address.ts";
import { databaseUnavailable, findRefusal, isUnavailable } from "./failure.ts";

/** How long connecting may take, in seconds: a database that is there answers in milliseconds. */
const connectLimitSeconds = 3;
/**
 * How long a caller waits for an answer, the queue included, in milliseconds. Connections that are silent for as long are
 * given up, so it is also what a database that moved costs: the promise is to find it again within five seconds.
 */
const defaultAnswerLimitMs = 4_500;
/** The part of that time that the server may work on one statement before it cancels it. */
const statementShare = 0.9;
/** How long a readiness probe waits, in milliseconds; below the usual probe timeout of a few seconds. */
const pingLimitMs = 2_000;
/** How many queries may be under way or queued at once; more would only wait too long for an answer. */
const defaultQueueBound = 1_000;
/**
 * What PostgreSQL takes reading a page out of turn to cost. Its default, 4, is a spinning disk's and makes it read whole
 * tables where the trigram indexes find the rows in half the time.
 */
const randomPageCost = 1.1;
/** How long the server waits for the next statement of a migration, in milliseconds, before others may migrate. */
const migrationPauseMs = 60_000;
/** How long closing waits for running queries, in seconds. */
const closeLimitSeconds = 5;

/** Drizzle on the pool, or on the one connection of a transaction. */
export type Queries = Pick<BunSQLDatabase, "select" | "insert" | "update" | "delete" | "execute">;

/** A prepared statement whose rows come as the driver makes them; the keys are the names of the selected columns. */
export type RowsOf = (values: Record<string, unknown>) => PromiseLike<Record<string, unknown>[]>;

/** One connection of postgres.js, one transaction on it, and what the server remarks meanwhile. */
export type Session = postgres.Sql;
export type Transaction = postgres.TransactionSql;
export type Notice = postgres.Notice;

/** One service's database: a pool of connections with bounds. */
export interface Database {
  /** For preparing statements once; whoever executes them does it inside `run`. */
  readonly queries: Queries;
  /** For a statement whose rows need no mapping: it costs a fifth less than Drizzle's own prepared one. */
  prepare(query: { toSQL(): Query }): RowsOf;
  /**
   * Runs one query with the bound on the queue and the limit on the wait.
   * @throws AppError `unavailable` when the database is away, too slow or too busy.
   */
  run<Result>(query: () => PromiseLike<Result>): Promise<Result>;
  /** Runs `work` in one transaction: committed when it returns, rolled back when it throws. */
  transaction<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result>;
  /** True when the database answers now. */
  isReady(): Promise<boolean>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** The most connections that this process opens. */
  poolSize: number;
  /** How many queries may be under way or queued at once. */
  queueBound?: number;
  /** How long a caller waits for an answer at most. */
  answerLimitMs?: number;
}

/** Opens a pool; connections are made when first needed, so this succeeds while the database is down. */
export function openDatabase(address: DatabaseAddress, options: DatabaseOptions): Database {
  const {
    poolSize,
    queueBound = defaultQueueBound,
    answerLimitMs = defaultAnswerLimitMs,
  } = options;
  resolveNamesAfresh();
  const pool = replaceablePool(() => openPool(address, { poolSize, answerLimitMs }));
  const queries = drizzle(pool.client);
  let underWay = 0;
  let lastAnswerAt = 0;

  async function run<Result>(query: () => PromiseLike<Result>): Promise<Result> {
    if (underWay >= queueBound) throw databaseUnavailable(`${underWay} queries are waiting`);
    underWay++;
    const startedAt = performance.now();
    const onLimit = () => {
      const isSilent = lastAnswerAt < startedAt;
      if (isSilent) pool.replace();
      return databaseUnavailable(`no answer in ${answerLimitMs} ms`);
    };
    try {
      const result = await withLimit(query(), answerLimitMs, onLimit);
      lastAnswerAt = performance.now();
      return result;
    } catch (error) {
      if (findRefusal(error)) lastAnswerAt = performance.now();
      throw isUnavailable(error) ? databaseUnavailable("it does not answer", error) : error;
    } finally {
      underWay--;
    }
  }

  return {
    queries,
    prepare(query) {
      const { sql, params } = query.toSQL();
      return (values) => pool.current().unsafe(sql, fillPlaceholders(params, values));
    },
    run,
    transaction: (work) => run(() => queries.transaction(work)),
    isReady: () => isTrueWithin(pingLimitMs, () => run(() => queries.execute("select 1"))),
    close: () => pool.client.close({ timeout: closeLimitSeconds }),
  };
}

/**
 * Opens one connection of postgres.js for work that a pool is wrong for: migrations with their session lock.
 * No statement limit holds there: building an index on a large table takes as long as it takes.
 */
export async function withSession<Result>(
  address: DatabaseAddress,
  options: { onNotice: (notice: Notice) => void },
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const session = openSession(address, options);
  try {
    return await work(session);
  } finally {
    await session.end({ timeout: closeLimitSeconds });
  }
}

/** Opens one connection of postgres.js; whoever opens it ends it. */
export function openSession(
  address: DatabaseAddress,
  options: { onNotice: (notice: Notice) => void },
): Session {
  return postgres({
    host: address.host,
    port: address.port,
    database: address.database,
    username: address.username,
    password: address.password.reveal(),
    ssl: sslOf(address),
    max: 1,
    connect_timeout: connectLimitSeconds,
    connection: {
      ...sessionSettings(address),
      idle_in_transaction_session_timeout: migrationPauseMs,
    },
    onnotice: options.onNotice,
  });
}

function openPool(
  address: DatabaseAddress,
  { poolSize, answerLimitMs }: { poolSize: number; answerLimitMs: number },
): SQL {
  const statementLimitMs = Math.round(answerLimitMs * statementShare);
  return new SQL({
    adapter: "postgres",
    // Without a URL Bun reads DATABASE_URL and its kin by itself and sends their query parameters to the server.
    url: urlOf(address),
    username: address.username,
    password: address.password.reveal(),
    tls: address.sslMode,
    max: poolSize,
    connectionTimeout: connectLimitSeconds,
    connection: {
      ...sessionSettings(address),
      statement_timeout: statementLimitMs,
      // Nobody waits for it any longer. Without it, what a network cut off keeps its locks for hours.
      idle_in_transaction_session_timeout: answerLimitMs,
      random_page_cost: randomPageCost,
    },
  });
}

/** Host, port and database, without any query. */
function urlOf({ host, port, database }: DatabaseAddress): string {
  const hostname = host.includes(":") ? `[${host}]` : host;
  return `postgres://${hostname}:${port}/${encodeURIComponent(database)}`;
}

/** UTC and ISO dates whatever the server's defaults are: times are read as text. */
function sessionSettings(address: DatabaseAddress): Record<string, string> {
  const session = { TimeZone: "UTC", DateStyle: "ISO", application_name: "berth" };
  return address.schema === undefined ? session : { ...session, search_path: address.schema };
}

/**
 * A pool that can be exchanged under Drizzle's feet. A network that swallows packets leaves connections that look alive
 * for many minutes; when nothing has answered for the whole limit, fresh connections are the only way back.
 */
function replaceablePool(open: () => SQL): { client: SQL; current(): SQL; replace(): void } {
  let current = open();
  const client = new Proxy(current, {
    get(_first, name) {
      const member: unknown = Reflect.get(current, name);
      return typeof member === "function" ? member.bind(current) : member;
    },
  });
  return {
    client,
    current: () => current,
    replace() {
      const silent = current;
      current = open();
      void silent.close({ timeout: 0 });
    },
  };
}

function withLimit<Result>(
  work: PromiseLike<Result>,
  limitMs: number,
  onLimit: () => Error,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(onLimit()), limitMs);
    work.then(
      (result) => {
        clearTimeout(timer);
        resolve(result);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

async function isTrueWithin(limitMs: number, probe: () => Promise<unknown>): Promise<boolean> {
  const succeeded = probe().then(
    () => true,
    () => false,
  );
  return Promise.race([succeeded, Bun.sleep(limitMs).then(() => false)]);
}

/** postgres.js has no verify-ca: verifying the name too is the stricter reading. */
function sslOf(address: DatabaseAddress): false | "prefer" | "require" | "verify-full" {
  if (address.sslMode === "disable") return false;
  return address.sslMode === "verify-ca" ? "verify-full" : address.sslMode;
}
