/** The chart's builtin databases, run with its services on a network where they find each other by their Services' names. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { freePort } from "../../db/private.ts";
import { type KubeObject, parseObjects } from "../../tools/deploy/objects.ts";
import { type Played, playPods } from "../../tools/deploy/playPods.ts";
import { podman } from "../../tools/deploy/podman.ts";
import { postgresImages } from "../../tools/deploy/postgresImage.ts";
import { renderChart } from "../../tools/deploy/render.ts";
import {
  builtinDatabaseOf,
  logOf,
  startClients,
  stateOf,
  storedNumbers,
} from "./builtinDatabase.ts";

/** The first run of a machine fetches PostgreSQL. */
const limitMs = 300_000;
/** How long a service and its database may take to be ready, in milliseconds. */
const readyLimitMs = 60_000;
/** The names of this run alone: another may go on at the same time. */
const release = `test${process.pid}`;
const services = {
  customer: `${release}-fantaco-customer-service`,
  finance: `${release}-fantaco-finance-service`,
};
const databases = { sclorg: `${release}-postgres-cust`, official: `${release}-postgres-fin` };
const ports: Record<string, number> = {};
let objects: KubeObject[];

let played: Played | undefined;
beforeAll(async () => {
  for (const name of [...Object.values(services), ...Object.values(databases)]) {
    ports[name] = await freePort();
  }
  const split = (image: string) => {
    const at = image.lastIndexOf(":");
    return { repository: image.slice(0, at), tag: image.slice(at + 1) };
  };
  const { sclorg, official } = await postgresImages();
  const image = { repository: "localhost/berth-services" };
  const values = {
    releasePrefix: true,
    customer: { image },
    finance: { image },
    postgresql: { customer: { image: split(sclorg) }, finance: { image: split(official) } },
  };
  objects = parseObjects((await renderChart("fantaco-app", values, { release })).out);
  await podman(["network", "create", release]);
  played = await playPods(objects, { name: release, ports });
  await untilReady();
}, limitMs);
afterAll(async () => {
  await played?.stop();
  await podman(["network", "rm", "--force", release]);
}, limitMs);

const urlOf = (name: keyof typeof services) => `http://127.0.0.1:${ports[services[name]]}`;
const statusOf = (url: string) =>
  fetch(url).then(
    ({ status }) => status,
    () => 0,
  );

async function untilReady(): Promise<void> {
  const until = performance.now() + readyLimitMs;
  for (const name of ["customer", "finance"] as const) {
    while ((await statusOf(`${urlOf(name)}/readyz`)) !== 200) {
      if (performance.now() > until) throw new Error(`${name} is not ready`);
      await Bun.sleep(100);
    }
  }
}

test(
  "services reach their own database by the generated password, with an image of either kind",
  async () => {
    const customers = await fetch(`${urlOf("customer")}/api/customers`);
    const orders = await fetch(`${urlOf("finance")}/api/finance/orders/history`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ customerId: "AROUT", limit: 10 }),
    });
    expect(customers.headers.get("x-total-count")).toBe("91");
    expect(await orders.json()).toMatchObject({ count: 3 });
  },
  limitMs,
);

test.each(["sclorg", "official"] as const)(
  "a kubelet ends %s's server cleanly amid writes, and nothing acknowledged is lost",
  async (kind) => {
    const service = databases[kind];
    const database = builtinDatabaseOf(objects, service, ports[service] ?? 0);
    const { container, hook, graceSeconds, url } = database;
    const exec = (...command: string[]) =>
      podman(["exec", container, ...command], { codes: [0, 1, 125, 137] });
    const clients = await startClients(url);
    while (clients.acknowledged.length < 50) await Bun.sleep(5);

    // A client's process that does not obey yet: the server is still ending when the kubelet comes with SIGTERM.
    await exec("sh", "-c", `kill -STOP ${clients.pid}`);
    const began = performance.now();
    expect((await exec(...hook)).code).toBe(0);
    await podman(["kill", "--signal=TERM", container]);
    expect(await stateOf(container)).toBe("running 0");
    await exec("sh", "-c", `kill -CONT ${clients.pid}`);
    await podman(["wait", container]);
    expect(performance.now() - began).toBeLessThan(graceSeconds * 1000);
    await clients.end();
    // Told to end again when it has: nothing happens.
    await podman(["stop", container]);
    expect(await stateOf(container)).toBe("exited 0");

    await podman(["start", container]);
    await untilReady();
    const [, started = ""] = (await logOf(container)).split("LOG:  database system is shut down");
    expect(started).toContain("database system was shut down at");
    expect(started).not.toContain("automatic recovery");
    const stored = await storedNumbers(url);
    expect(stored.slice(0, clients.acknowledged.length)).toEqual(clients.acknowledged);
  },
  limitMs,
);

test(
  "all of them end with code 0, and have written to nothing but their volumes",
  async () => {
    const endings = Object.values((await played?.stop()) ?? {});
    played = undefined;
    expect(endings).toEqual(endings.map(() => ({ code: 0, changes: [] })));
    expect(endings).toHaveLength(4);
  },
  limitMs,
);
