import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SQL } from "bun";
import { type PrivatePostgres, startPrivatePostgres } from "../../../db/private.ts";
import {
  adminToken,
  createSend,
  internalToken,
  writeSampleDocuments,
} from "../../../tests/claims.ts";
import {
  findBroken,
  followEvents,
  nothingBroken,
  replayEvents,
} from "../../../tests/claimsIntact.ts";
import { killPostgres } from "../../../tests/kill-postgres.ts";
import { createTestServer } from "../../../tests/postgres.ts";
import { root, runListening, type TestProgram } from "../../../tests/program.ts";

// Real processes, killed with SIGKILL at random points of 30 runs. CLAIMS_KILL_ROUNDS=100 makes it the long version.

const rounds = Number(process.env.CLAIMS_KILL_ROUNDS ?? 3);
/** Within this time after the start of the runs the kill comes, in milliseconds. */
const killWithinMs = 700;
const documents = mkdtempSync(join(tmpdir(), "berth-documents-"));

let server: Awaited<ReturnType<typeof createTestServer>>;
let postgres: PrivatePostgres;
beforeAll(async () => {
  writeSampleDocuments(documents);
  server = await createTestServer();
  postgres = server;
  await server.ensureDatabase("claims");
}, 60_000);
afterAll(async () => {
  await postgres.stop();
  await server.remove();
  rmSync(documents, { recursive: true, force: true });
});

async function startReplica(): Promise<TestProgram> {
  const command = [process.execPath, join(root, "tests/claims-fixture.ts"), "--port", "0"];
  const program = await runListening(command, {
    DATABASE_URL: server.urlOf("claims"),
    DOCUMENTS_ROOT: documents,
    INTERNAL_TOKEN: internalToken,
    ADMIN_TOKEN: adminToken,
    RUN_CONCURRENCY: "3",
  });
  while (!(await fetch(`${program.url}/health/ready`)).ok) await Bun.sleep(10);
  return program;
}

type Replicas = [TestProgram, TestProgram];

/** Kills one of two replicas, both, or the database, and starts what is gone again. */
async function kill(victim: number, replicas: Replicas): Promise<Replicas> {
  await Bun.sleep(Math.random() * killWithinMs);
  if (victim === 2) {
    await killPostgres(postgres.pid);
    postgres = await startPrivatePostgres({ folder: server.folder, port: server.port });
    return replicas;
  }
  const [first, second] = replicas;
  const dead = victim === 0 ? [first] : [first, second];
  for (const replica of dead) replica.kill("SIGKILL");
  await Promise.all(dead.map((replica) => replica.exited));
  return victim === 0
    ? [second, await startReplica()]
    : Promise.all([startReplica(), startReplica()]);
}

test(
  `nothing is stuck, lost or doubled after ${rounds} kills in the middle of runs`,
  async () => {
    let replicas: Replicas = await Promise.all([startReplica(), startReplica()]);
    for (let round = 0; round < rounds; round++) {
      const [first, second] = replicas;
      const send = createSend(first.url);
      await send("POST", "/api/v1/admin/reset-database", { token: adminToken });
      const listed = await send("GET", "/api/v1/claims?page_size=30");
      const ids: string[] = listed.json.claims.map(({ id }: { id: string }) => id);
      const followed = ids.slice(0, 6).map((id) => ({ id, ...followEvents(first.url, id) }));
      const asked = ids.map((id, index) =>
        createSend(index % 2 === 0 ? first.url : second.url)(
          "POST",
          `/api/v1/claims/${id}/process`,
        ).then(
          ({ status, json }) => (status === 202 ? (json.run_id as string) : undefined),
          () => undefined,
        ),
      );
      replicas = await kill(round % 3, replicas);
      const promised = (await Promise.all(asked)).filter((runId) => runId !== undefined);

      const sql = new SQL(server.urlOf("claims"), { max: 1 });
      const live = async () =>
        (await sql`select id from processing_runs where state in ('queued', 'running')`).length;
      while ((await live()) > 0) {
        // Ten seconds of silence are the queue's least; the test moves the clock of those who are silent, alive or not.
        await sql`update claims_queue.job set heartbeat_on = heartbeat_on - interval '1 minute' where state = 'active'`;
        await Bun.sleep(300);
      }
      expect(await findBroken(sql)).toEqual(nothingBroken);
      const stored =
        await sql`select id from processing_runs where id = any(${sql.array(promised, "UUID")})`;
      expect(stored.length).toBe(promised.length);
      await sql.close();
      const [present] = replicas;
      for (const { id, frames, stop } of followed) {
        await stop();
        expect((await replayEvents(present.url, id)).slice(0, frames.length)).toEqual(frames);
      }
    }
    await Promise.all(replicas.map((replica) => replica[Symbol.asyncDispose]()));
  },
  rounds * 60_000,
);
