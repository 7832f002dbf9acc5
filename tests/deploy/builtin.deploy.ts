/** The chart's builtin databases, run with its services on a network where they find each other by their Services' names. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { freePort } from "../../db/private.ts";
import { parseObjects } from "../../tools/deploy/objects.ts";
import { type Played, playPods } from "../../tools/deploy/playPods.ts";
import { podman } from "../../tools/deploy/podman.ts";
import { postgresImages } from "../../tools/deploy/postgresImage.ts";
import { renderChart } from "../../tools/deploy/render.ts";

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
const ports: Record<string, number> = {};

let played: Played | undefined;
beforeAll(async () => {
  for (const name of Object.values(services)) ports[name] = await freePort();
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
  const objects = parseObjects((await renderChart("fantaco-app", values, { release })).out);
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
