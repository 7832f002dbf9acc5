/** A database that comes back at another address, as when its pod is made anew: the old address swallows every packet. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SQL } from "bun";
import { adminToken, createSend, internalToken, writeSampleDocuments } from "./claims.ts";
import { findBroken, nothingBroken } from "./claimsIntact.ts";
import { joinRoom } from "./claimsRoom.ts";
import { missingFrom, writeCustomers } from "./customer-writes.ts";
import { createTestServer } from "./postgres.ts";
import { runListening, type TestProgram } from "./program.ts";
import { startNetwork } from "./swallowing-network.ts";

/** The promise is five seconds; Bun's own memory of names would make it thirty, and a quarter of an hour for jobs. */
const foundAgainLimitMs = 15_000;
const oldAddress = "127.0.0.2";
const newAddress = "127.0.0.1";

const folder = mkdtempSync(join(tmpdir(), "berth-moves-"));
const hosts = join(folder, "hosts");
let server: Awaited<ReturnType<typeof createTestServer>>;
beforeAll(async () => {
  server = await createTestServer();
  await server.ensureDatabase("customers");
  await server.ensureDatabase("claims");
  writeSampleDocuments(folder);
}, 60_000);
afterAll(async () => {
  await server.remove();
  rmSync(folder, { recursive: true });
});

/** What the name of the database means to the services. */
const nameDatabase = (address: string) =>
  writeFileSync(hosts, `127.0.0.1 localhost\n${address} database.test\n`);

/** Runs a service whose names are those of the hosts file, and which knows its database by name. */
function startService(file: string, database: string): Promise<TestProgram> {
  const script = `mount --bind "$0" /etc/hosts && exec "$@"`;
  const inside = ["unshare", "--mount", "sh", "-c", script, hosts];
  const url = new URL(server.urlOf(database));
  url.hostname = "database.test";
  return runListening([...inside, process.execPath, file, "--port", "0"], {
    DATABASE_URL: url.href,
    DOCUMENTS_ROOT: folder,
    INTERNAL_TOKEN: internalToken,
    ADMIN_TOKEN: adminToken,
  });
}

async function untilReady({ url }: TestProgram, isReady: boolean): Promise<void> {
  while ((await fetch(`${url}/readyz`)).ok !== isReady) await Bun.sleep(20);
}

test("a database at another address is found again, with everything that was acknowledged", async () => {
  const { port } = server;
  const old = startNetwork({ hostname: oldAddress, port }, { hostname: newAddress, port });
  nameDatabase(oldAddress);
  await using customer = await startService("src/services/customer/main.ts", "customers");
  await using claims = await startService("tests/claims-fixture.ts", "claims");
  await Promise.all([untilReady(customer, true), untilReady(claims, true)]);
  const send = createSend(claims.url);
  const listed = await send("GET", "/api/v1/claims?page_size=30");
  const [room, last, ...others]: string[] = listed.json.claims.map(({ id }: { id: string }) => id);
  if (room === undefined || last === undefined) throw new Error("there are no sample claims");
  const present = await joinRoom(claims.url, room, "Ann");
  const writes = writeCustomers(customer, "M", 8);
  await writes.untilAcknowledged(100);
  const process = (id: string) => send("POST", `/api/v1/claims/${id}/process`);
  const promised = await Promise.all(others.slice(0, 6).map(process));
  expect(promised.map(({ status }) => status)).toEqual(promised.map(() => 202));

  old.swallow("and those to come");
  const movedAt = performance.now();
  await Promise.all([untilReady(customer, false), untilReady(claims, false)]);
  nameDatabase(newAddress);
  await Promise.all([untilReady(customer, true), untilReady(claims, true)]);
  expect(performance.now() - movedAt).toBeLessThan(foundAgainLimitMs);
  await writes.untilAcknowledged(writes.acknowledged.length + 50);
  await writes.stop();
  expect(await missingFrom(server, writes.acknowledged)).toEqual([]);

  // A worker takes the new run, and those that were under way.
  expect((await process(last)).status).toBe(202);
  const sql = new SQL(server.urlOf("claims"), { max: 1 });
  const live = () => sql`select id from processing_runs where state in ('queued', 'running')`;
  while ((await live()).length > 0) await Bun.sleep(50);
  expect(await findBroken(sql)).toEqual(nothingBroken);
  await sql.close();

  // Who comes is only announced, never looked up.
  while (!present.heard.some(({ reviewer_id }) => reviewer_id === "Ben")) {
    await (await joinRoom(claims.url, room, "Ben")).leave();
  }
  await present.leave();
  old.stop();
}, 90_000);
