import type { Logger } from "../src/core/log.ts";
import type { DatabaseAddress } from "./address.ts";
import { type Notice, type Transaction, withSession } from "./database.ts";
import { findRefusal } from "./failure.ts";

/** The key of the advisory lock that one starting replica holds while it migrates; any fixed number does. */
const migrationLockKey = 4_239_871;
/** How long a replica waits for another one's migration, in milliseconds, before its start is tried again. */
const lockLimitMs = 60_000;

/** A statement that makes the service faster where it is allowed and is left out where it is not. */
export interface Optional {
  name: string;
  statement: string;
}

/** What a service's database needs before the first request. */
export interface DatabaseSetup {
  /** Versioned migrations by name, in order; the text of drizzle-kit's files. */
  migrations: Readonly<Record<string, string>>;
  /** Tried at every start, each by itself: an extension may be allowed later. */
  optional: readonly Optional[];
  /** Loads the sample rows; undefined when seeding is switched off. */
  seed: ((transaction: Transaction) => Promise<void>) | undefined;
  /** The tables that must all be empty for the sample rows to be loaded. */
  seededTables: readonly string[];
}

/**
 * Brings a database up to date in one transaction, so that a start that is cut off leaves nothing half made. Replicas
 * that start together wait for each other at the advisory lock and then find the work done.
 */
export async function migrate(
  address: DatabaseAddress,
  setup: DatabaseSetup,
  log: Logger,
): Promise<void> {
  // "already exists, skipping" is what an idempotent migration looks like; only warnings say something.
  const warn = ({ severity, message }: Notice) => {
    if (severity === "WARNING") log.warn({ warning: message }, "migration warning");
  };
  await withSession(address, { onNotice: warn }, async (session) => {
    await session.unsafe(`set lock_timeout = ${lockLimitMs}`);
    await session.begin(async (transaction) => {
      await transaction`select pg_advisory_xact_lock(${migrationLockKey})`;
      if (address.schema) await transaction`create schema if not exists ${session(address.schema)}`;
      await transaction`create table if not exists berth_migration
        (name text primary key, applied_at timestamptz not null default now())`;
      await applyMigrations(transaction, setup.migrations, log);
      await applyOptional(transaction, setup.optional, log);
      if (setup.seed) await seedOnce(transaction, { ...setup, seed: setup.seed }, log);
    });
  });
}

async function applyMigrations(
  transaction: Transaction,
  migrations: DatabaseSetup["migrations"],
  log: Logger,
): Promise<void> {
  for (const [name, text] of Object.entries(migrations)) {
    if (!(await isFirstTime(transaction, name))) continue;
    for (const statement of text.split("--> statement-breakpoint")) {
      await transaction.unsafe(statement);
    }
    log.info({ migration: name }, "migration applied");
  }
}

/** Each statement has its own savepoint: a refusal undoes that statement alone. */
async function applyOptional(
  transaction: Transaction,
  optional: readonly Optional[],
  log: Logger,
): Promise<void> {
  for (const { name, statement } of optional) {
    try {
      await transaction.savepoint((inner) => inner.unsafe(statement));
    } catch (error) {
      const refusal = findRefusal(error);
      if (!refusal) throw error;
      log.info({ optional: name, sqlState: refusal.sqlState }, "optional statement skipped");
    }
  }
}

/** Remembers that it looked: rows that somebody deleted later do not come back at the next start. */
async function seedOnce(
  transaction: Transaction,
  setup: DatabaseSetup & { seed: NonNullable<DatabaseSetup["seed"]> },
  log: Logger,
): Promise<void> {
  if (!(await isFirstTime(transaction, "seed"))) return;
  for (const table of setup.seededTables) {
    const [row] = await transaction`select exists (select from ${transaction(table)}) as filled`;
    if (row?.filled) return;
  }
  await setup.seed(transaction);
  log.info({ tables: setup.seededTables }, "sample rows loaded");
}

async function isFirstTime(transaction: Transaction, name: string): Promise<boolean> {
  const inserted = await transaction`insert into berth_migration (name) values (${name})
    on conflict do nothing returning name`;
  return inserted.length === 1;
}
