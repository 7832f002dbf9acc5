import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "../mcp/rag/store/open.ts";
import type { Store } from "../mcp/rag/store/port.ts";
import { createRandom, createTexts, createVectors } from "../tools/bench/rag-data.ts";
import { createFolder, documentOf } from "./rag.ts";

/** Kills by work; a hundred in all. Which points they hit changes with every run; the figure is printed on failure. */
const kills = { ingest: 72, retrain: 16, reembed: 12 } as const;
/** Programs that run at once: starting takes longer than what is tested. */
const atOnce = 4;
/** Over this many the index gets lists, so that training has something to do. */
const rows = 20_400;
const dimensions = 8;
const folder = createFolder();
const large = join(folder.path, "large.db");
const seed = Math.floor(Math.random() * 1e6);
const random = createRandom(seed);

beforeAll(async () => {
  const store = await openStore(large);
  await prepare(store);
  const nextVector = createVectors("clustered", { rows, dimensions, seed });
  const nextText = createTexts(2, seed);
  for (let start = 0; start < rows; start += 5_000) {
    const documents = Array.from({ length: Math.min(5_000, rows - start) }, (_, index) =>
      documentOf(`old${start + index}`, nextText(), { vector: nextVector() }),
    );
    await store.upsertDocuments("c", documents, { model: "m0" });
  }
  await store.close();
}, 60_000);
afterAll(folder.remove);

describe.each(Object.entries(kills))("kill -9 during %s", (work, times) => {
  test(`at ${times} random points leaves a whole index with everything that was acknowledged`, async () => {
    const rounds = Array.from({ length: times }, (_, index) => `${work}-${index}`);
    for (let start = 0; start < times; start += atOnce) {
      const batch = rounds.slice(start, start + atOnce).map((name) => killOnce(work, name));
      for (const outcome of await Promise.all(batch)) {
        expect({ seed, ...outcome }).toEqual({ seed, problems: [], lost: [], isSearchable: true });
      }
    }
  }, 60_000);
});

/** Starts a writer, kills it somewhere, and looks at what it left. */
async function killOnce(work: string, name: string) {
  const file = join(folder.path, `${name}.db`);
  if (work === "ingest") await prepareFile(file);
  else copyFileSync(large, file);
  const writer = Bun.spawn(
    [
      process.execPath,
      join(import.meta.dir, "rag-writer.ts"),
      file,
      work,
      String(Math.ceil(random() * 1e6)),
    ],
    { stdout: "pipe", stderr: "inherit" },
  );
  const told = readLines(writer.stdout);
  await told.first;
  const waitMs = random() * (work === "ingest" ? 80 : 700);
  await Promise.race([Bun.sleep(waitMs), writer.exited]);
  writer.kill("SIGKILL");
  await writer.exited;
  const outcome = await inspect(file, await told.all, work === "ingest" || name.endsWith("5"));
  for (const end of ["", "-wal", "-shm"]) rmSync(`${file}${end}`, { force: true });
  return outcome;
}

interface Line {
  turn?: number;
  put?: Record<string, string>;
  gone?: string;
  reembedded?: string;
}

async function inspect(file: string, lines: readonly Line[], isThorough: boolean) {
  const store = await openStore(file);
  const sources = await store.listSources("c");
  const cursor = await store.readCursor("turn");
  const model = await store.readModelId();
  // The last transaction may have been written without having been told; then the cursor has moved on.
  const isAhead =
    cursor !== undefined && Number(cursor) !== lines.findLast(({ turn }) => turn)?.turn;
  const expected = new Map<string, string | undefined>();
  for (const { put, gone } of lines) {
    for (const [source, hash] of Object.entries(put ?? {})) expected.set(source, hash);
    if (gone !== undefined) expected.set(gone, undefined);
  }
  const differing = [...expected].filter(([source, hash]) => sources.get(source) !== hash);
  // One that was not told may have replaced five documents and deleted one.
  const isLost =
    differing.length > (isAhead ? 5 : 1) ||
    (lines.some(({ reembedded }) => reembedded) && model === "m0");
  const { problems } = await store.verify();
  const query = createVectors("uniform", { rows: 1, dimensions, seed: 1 })();
  const found = await store.searchVectors("c", query, { limit: 1 });
  // Going on where it was cut off takes seconds, so that not every round does it.
  const after = isThorough ? await store.maintain().then(() => store.verify()) : { problems: [] };
  await store.close();
  return {
    problems: [...problems, ...after.problems],
    lost: isLost ? differing : [],
    isSearchable: found.length === 1 || sources.size === 0,
  };
}

async function prepareFile(file: string): Promise<void> {
  const store = await openStore(file);
  await prepare(store);
  await store.close();
}

async function prepare(store: Store): Promise<void> {
  await store.ensureCollection("c", "Collection");
  await store.setModel({ id: "m0", dimensions, documentPrefix: "", queryPrefix: "" });
}

/** The JSON lines of a stream; a last one that was cut off is left out. */
function readLines(stream: ReadableStream<Uint8Array>): {
  first: Promise<void>;
  all: Promise<Line[]>;
} {
  const first = Promise.withResolvers<void>();
  const all = (async () => {
    const decoder = new TextDecoder();
    let text = "";
    for await (const part of stream) {
      text += decoder.decode(part, { stream: true });
      if (text.includes("\n")) first.resolve();
    }
    first.resolve();
    return text
      .split("\n")
      .slice(0, -1)
      .map((line): Line => JSON.parse(line));
  })();
  return { first: first.promise, all };
}
