import { afterAll, expect, test } from "bun:test";
import { applyEffects } from "../../../tools/documents/effects.ts";
import { encodePng } from "../../../tools/documents/encode.ts";
import { seededRandom } from "../../../tools/documents/random.ts";
import { Engine, type ReadRequest } from "./engine.ts";
import { PageWorker } from "./page-worker.ts";
import { Pool } from "./pool.ts";
import type { SharedDocument } from "./protocol.ts";

/** Grain that looks like letters everywhere: the core is busy with it for many seconds. */
const grain = shared(encodePng(grainImage()));
const page = {
  kind: "page",
  document: grain,
  page: 1,
  languages: ["eng"],
  likely: "eng",
  dpi: 200,
} as const;
const troubles: { reason: string; isRetried: boolean }[] = [];
const options = {
  workers: 1,
  languagesFolder: "",
  onTrouble: (trouble: { reason: string; isRetried: boolean }) => troubles.push(trouble),
};
const pools: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const pool of pools) await pool.close();
});

test("a thread that is stuck in wasm is ended", async () => {
  const worker = new PageWorker("");
  const inspected = await worker.run({ kind: "inspect", document: grain });
  const reading = worker.run(page);
  await Bun.sleep(600);
  expect({ inspected, ended: await worker.end(), reading: await reading }).toEqual({
    inspected: { heapBytes: expect.any(Number), result: { pages: 1 } },
    ended: true,
    reading: { died: "it ended" },
  });
});

test("a page that takes too long is tried twice and then refused, and the next task is done", async () => {
  const pool = new Pool({ ...options, taskMs: 300 });
  pools.push(pool);
  const { signal } = new AbortController();
  await expect(pool.run(page, signal)).rejects.toThrow("could not be read in two tries");
  const inspected = await pool.run({ kind: "inspect", document: grain }, signal);
  expect({ troubles, inspected, load: pool.load }).toEqual({
    troubles: [
      { reason: "no answer in 300 ms", isRetried: true },
      { reason: "no answer in 300 ms", isRetried: false },
    ],
    inspected: { pages: 1 },
    load: { busy: 0, waiting: 0 },
  });
});

test("a caller that leaves stops the work, unless another one waits for the same page", async () => {
  const engine = new Engine({ ...options, pagesLimit: 50, dpi: 200 });
  pools.push(engine);
  const leaving = new AbortController();
  const staying = new AbortController();
  const read = (signal: AbortSignal) => engine.read({ ...request(), signal });
  const first = read(leaving.signal);
  const second = read(staying.signal);
  await until(() => engine.load.busy === 1);
  leaving.abort(new Error("left"));
  await expect(first).rejects.toThrow("left");
  expect(engine.load.busy).toBe(1);
  staying.abort(new Error("left too"));
  await expect(second).rejects.toThrow("left too");
  await until(() => engine.load.busy === 0);
  expect(engine.load).toEqual({ workers: 1, busy: 0, waiting: 0, cachedBytes: 0 });
});

function request(): Omit<ReadRequest, "signal"> {
  return { bytes: grain.bytes, languages: ["eng"], pages: "", onPage: () => undefined };
}

/** Waits for a condition; the test's own limit ends the wait. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await Bun.sleep(5);
}

function grainImage() {
  const [width, height, dpi] = [2400, 2400, 200];
  const white = { width, height, dpi, pixels: new Uint8Array(width * height).fill(255) };
  const effects = [
    { kind: "noise", deviation: 70, specks: 0.1 },
    { kind: "blur", radius: 2.5 },
    { kind: "noise", deviation: 30, specks: 0 },
  ] as const;
  return applyEffects(white, effects, seededRandom("grain"));
}

function shared(data: Uint8Array): SharedDocument {
  const bytes = new Uint8Array(new SharedArrayBuffer(data.length));
  bytes.set(data);
  return { key: "grain", format: "png", bytes };
}
