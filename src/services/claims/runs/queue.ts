import { sql } from "drizzle-orm";
import { PgBoss } from "pg-boss";
import type { DatabaseAddress } from "../../../../db/address.ts";
import type { Queries } from "../../../../db/database.ts";
import { databaseUnavailable } from "../../../../db/failure.ts";
import type { Logger } from "../../../core/log.ts";
import { describeFailure } from "../../failure-log.ts";

/** The schema that the queue keeps its tables in, beside the service's own. */
export const queueSchema = "claims_queue";
const runs = "claim-runs";
const abandoned = "claim-runs-abandoned";

/** How long the holder of a job may be silent before the job is given to another, in seconds; the library's least. */
const heartbeatLimitSeconds = 10;
/** How often each replica looks for silent holders, in seconds. */
const supervisionSeconds = 2;
/** How often a worker looks for jobs by itself, in seconds; notices wake it at once. */
const pollingSeconds = 2;
/** How often a job is given out again before it counts as abandoned. */
const retryLimitCount = 3;
/** The longest that one job may be worked on, in seconds: models are slow, and the heartbeat ends the dead. */
const jobLimitSeconds = 6 * 3600;
/** How long finished jobs are kept, in seconds; the runs themselves stay. */
const keepSeconds = 24 * 3600;
/** Connections of the queue's own pool; one more listens. */
const connectionCount = 3;
/**
 * How long connecting, a statement in the server and its answer may take, in milliseconds. Without them a worker waits
 * for a quarter of an hour on a connection that a network swallowed. The driver knows what the library's types leave
 * out.
 */
const limits = {
  connectionTimeoutMillis: 3_000,
  statement_timeout: 4_000,
  query_timeout: 4_500,
  idle_in_transaction_session_timeout: 4_500,
};
/** How long stopping waits for jobs under way, in milliseconds. */
const stopLimitMs = 7_000;

/** The job of one run. */
export interface RunJob {
  runId: string;
}

export interface RunWork {
  /** Works on a run. When it throws, the run is given out again. */
  perform(job: RunJob, signal: AbortSignal): Promise<void>;
  /** Called for a run that nobody could finish. */
  abandon(job: RunJob): Promise<void>;
}

/** Runs waiting for a replica to work on them, kept in the database by pg-boss. */
export interface RunQueue {
  start(address: DatabaseAddress, work: RunWork, concurrency: number): Promise<void>;
  /** Part of a transaction: the job is there when, and only when, the transaction commits. Returns its id. */
  add(queries: Queries, job: RunJob): Promise<string>;
  /** Gives the jobs under way up for others and stops. */
  stop(): Promise<void>;
}

export function createRunQueue(log: Logger): RunQueue {
  let boss: PgBoss | undefined;
  return {
    async start(address, work, concurrency) {
      const opened = await startBoss(address, log);
      try {
        await prepareQueues(opened);
        await startWorkers(opened, work, concurrency);
      } catch (error) {
        await opened.stop({ graceful: false });
        throw error;
      }
      boss = opened;
    },
    async add(queries, job) {
      if (!boss) throw databaseUnavailable("the queue has not been started yet");
      const id = await boss.send(runs, job, { db: adapterOf(queries) });
      if (id === null) throw new Error("the queue took no job");
      return id;
    },
    async stop() {
      await boss?.stop({ graceful: true, timeout: stopLimitMs });
    },
  };
}

/** The queue's driver knows TLS or none: where TLS is only preferred, a server without it is asked again plainly. */
async function startBoss(address: DatabaseAddress, log: Logger): Promise<PgBoss> {
  const { sslMode } = address;
  const encrypted = { rejectUnauthorized: sslMode.startsWith("verify") };
  const boss = openBoss(address, log, sslMode === "disable" ? false : encrypted);
  try {
    return await boss.start();
  } catch (error) {
    await boss.stop({ graceful: false });
    const isWithoutTls = error instanceof Error && /not support SSL/.test(error.message);
    if (sslMode !== "prefer" || !isWithoutTls) throw error;
    return openBoss(address, log, false).start();
  }
}

function openBoss(
  address: DatabaseAddress,
  log: Logger,
  ssl: false | { rejectUnauthorized: boolean },
): PgBoss {
  const opened = new PgBoss({
    host: address.host,
    port: address.port,
    database: address.database,
    user: address.username,
    password: address.password.reveal(),
    ssl,
    schema: queueSchema,
    application_name: "berth",
    max: connectionCount,
    ...limits,
    useListenNotify: true,
    schedule: false,
    superviseIntervalSeconds: supervisionSeconds,
    monitorIntervalSeconds: supervisionSeconds,
  });
  opened.on("error", (error) => log.warn({ failure: describeFailure(error) }, "queue failure"));
  opened.on("warning", ({ message }) => log.debug({ warning: message }, "queue warning"));
  return opened;
}

async function prepareQueues(boss: PgBoss): Promise<void> {
  const common = { deleteAfterSeconds: keepSeconds, notify: true };
  await boss.createQueue(abandoned, { ...common, retryLimit: 1_000, retryBackoff: true });
  await boss.createQueue(runs, {
    ...common,
    retryLimit: retryLimitCount,
    expireInSeconds: jobLimitSeconds,
    heartbeatSeconds: heartbeatLimitSeconds,
    deadLetter: abandoned,
  });
}

async function startWorkers(boss: PgBoss, work: RunWork, concurrency: number): Promise<void> {
  const options = {
    pollingIntervalSeconds: pollingSeconds,
    // A job that is given out again is not announced.
    notifyPollingIntervalSeconds: pollingSeconds,
    batchSize: 1,
  };
  for (let worker = 0; worker < concurrency; worker++) {
    let id = "";
    id = await boss.work<RunJob>(runs, options, async (jobs) => {
      for (const { data, signal } of jobs) await work.perform(data, signal);
      // Where one job was, there may be more: otherwise a worker sleeps after each until its next look.
      boss.notifyWorker(id);
    });
  }
  await boss.work<RunJob>(abandoned, options, async (jobs) => {
    for (const { data } of jobs) await work.abandon(data);
  });
}

/** Runs the queue's statements on the connection of a transaction. */
function adapterOf(queries: Queries) {
  return {
    async executeSql(text: string, values: unknown[] = []) {
      // Texts and numbers alternate: what is at odd places is the number of a parameter.
      const parts = text.split(/\$(\d+)/);
      const chunks = parts.map((part, index) =>
        index % 2 === 0 ? sql.raw(part) : sql`${values[Number(part) - 1]}`,
      );
      return { rows: [...(await queries.execute(sql.join(chunks)))] };
    },
  };
}
