import { afterAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "../mcp/rag/store/open.ts";
import type { Store } from "../mcp/rag/store/port.ts";
import { createRandom, createTexts, createVectors } from "../tools/bench/rag-data.ts";
import { runToEnd } from "./program.ts";
import { createFolder, documentOf } from "./rag.ts";

const folder = createFolder();
afterAll(folder.remove);
const model = { id: "m", dimensions: 16, documentPrefix: "", queryPrefix: "" };
let files = 0;

async function openEmpty(name = `index${++files}.db`): Promise<Store & { path: string }> {
  const path = join(folder.path, name);
  const store = await openStore(path);
  await store.ensureCollection("c", "Collection");
  await store.setModel(model);
  return Object.assign(store, { path });
}

describe("searching by words", () => {
  test("finds stems of both languages, accents or not, and codes in any spelling", async () => {
    const store = await openEmpty();
    await store.upsertDocuments("c", [
      documentOf("en", "The deductible applies to damages of contract CNT-2025-0001."),
      documentOf("fr", "La franchise s'applique aux dégâts des eaux réparés.", { language: "fr" }),
    ]);
    const found = async (query: string) => {
      const exact = await store.searchWords("c", query, { limit: 1 });
      const near = await store.searchSimilarWords("c", query, { limit: 1 });
      const [chunk] = await store.getChunks([...exact, ...near].map(({ chunkId }) => chunkId));
      return [chunk?.document.sourceId, exact.length, near.length];
    };
    expect({
      damage: await found("damage"),
      degats: await found("DEGATS"),
      reparation: await found("réparation"),
      dashed: await found("cnt-2025-0001"),
      joined: await found("CNT20250001"),
      typo: await found("deductabel"),
      digit: await found("CNT-2025-0007"),
      nothing: await found("zebra"),
    }).toEqual({
      damage: ["en", 1, 0],
      degats: ["fr", 1, 0],
      reparation: ["fr", 1, 0],
      dashed: ["en", 1, 0],
      joined: ["en", 1, 0],
      typo: ["en", 0, 1],
      // Its parts are known, the whole is near to one that is.
      digit: ["en", 1, 1],
      nothing: [undefined, 0, 0],
    });
    await store.close();
  });

  test("forgets what a document said before it was replaced or deleted", async () => {
    const store = await openEmpty();
    await store.upsertDocuments("c", [documentOf("d", "avalanche"), documentOf("e", "blizzard")]);
    await store.upsertDocuments("c", [documentOf("d", "cyclone")]);
    await store.deleteDocuments("c", ["e", "never"]);
    const counts = await Promise.all(
      ["avalanche", "blizzard", "cyclone"].map((word) =>
        store.searchWords("c", word, { limit: 5 }),
      ),
    );
    expect([counts.map(({ length }) => length), await store.verify()]).toEqual([
      [0, 0, 1],
      { checked: { collections: 1, documents: 1, chunks: 1, vectors: 0 }, problems: [] },
    ]);
    await store.close();
  });
});

describe("searching by vectors", () => {
  const rows = 24_000;
  const next = createVectors("clustered", { rows, dimensions: 16, seed: 3 });
  const vectors = Array.from({ length: rows }, next);

  test("trains an inverted file above 20,000 rows, and finds what an exact search finds", async () => {
    const store = await openEmpty();
    const add = async (from: number, to: number) => {
      const texts = createTexts(1, 1);
      const documents = vectors.slice(from, to).map((vector, index) =>
        documentOf(`d${from + index}`, texts(), {
          vector,
          facets: { half: index % 2 ? "odd" : "even" },
        }),
      );
      await store.upsertDocuments("c", documents, { model: "m" });
    };
    await add(0, 10_000);
    const before = await store.maintain();
    await add(10_000, 23_000);
    // Written and deleted while it trains: both must be in the new index.
    const meanwhile = { done: false };
    const training = store.maintain({
      onProgress: (done, total) => {
        if (meanwhile.done || done * 2 < total) return;
        meanwhile.done = true;
        void add(23_000, rows).then(() => store.deleteDocuments("c", ["d7"]));
      },
    });
    const trained = await training;
    const query = next();
    const filter = { facets: { half: ["odd"] } };
    const found = await idsOf(store, await store.searchVectors("c", query, { limit: 10 }));
    const odd = await idsOf(store, await store.searchVectors("c", query, { limit: 10, filter }));
    const expected = nearest(vectors, query, () => true);
    const expectedOdd = nearest(vectors, query, (row) => oddRow(row));
    const { collections } = await store.stats();
    expect({
      trained: [before.trained, trained.trained],
      index: collections[0]?.index,
      recall: overlap(found, expected) >= 9,
      oddRecall: overlap(odd, expectedOdd) >= 9,
      verdict: await store.verify(),
    }).toEqual({
      trained: [[], ["c"]],
      index: "inverted-file",
      recall: true,
      oddRecall: true,
      verdict: {
        checked: { collections: 1, documents: rows - 1, chunks: rows - 1, vectors: rows - 1 },
        problems: [],
      },
    });
    await store.close();
  }, 30_000);

  test("refuses other dimensions, other models and vectors without a model, with the way out", async () => {
    const store = await openEmpty();
    const [vector = new Float32Array()] = vectors;
    await store.upsertDocuments("c", [documentOf("d", "x", { vector })], { model: "m" });
    const refusals = await Promise.all(
      [
        () => store.searchVectors("c", new Float32Array([1, 2]), { limit: 1 }),
        () =>
          store.upsertDocuments(
            "c",
            [documentOf("e", "y", { vector: new Float32Array(3).fill(1) })],
            { model: "m" },
          ),
        () => store.upsertDocuments("c", [documentOf("e", "y", { vector })], { model: "other" }),
        () => store.setModel({ ...model, id: "other" }),
        () => store.setModel({ ...model, queryPrefix: "query: " }),
      ].map((work) => messageOf(work())),
    );
    const anew = "make all vectors anew with rag-mcp reembed.";
    expect([refusals, (await store.verify()).problems]).toEqual([
      [
        [
          `Cannot use a vector of 2 dimensions: the index holds 16 of model "m"`,
          `Use that model, or ${anew}`,
        ],
        [
          `Cannot use a vector of 3 dimensions: the index holds 16 of model "m"`,
          `Use that model, or ${anew}`,
        ],
        [
          `Cannot use the model "other" with this index: its vectors are of "m"`,
          `Keep that model, or ${anew}`,
        ],
        [
          `Cannot use the model "other" with this index: its vectors are of "m"`,
          `Keep that model, or ${anew}`,
        ],
        [
          `Cannot use the model "m" with this index: its vectors are of "m"`,
          `Keep that model, or ${anew}`,
        ],
      ],
      [],
    ]);
    await store.close();
  });

  test("uses the old vectors until the last new one is there", async () => {
    const store = await openEmpty();
    const [one = new Float32Array(), other = new Float32Array()] = vectors;
    const documents = [
      documentOf("a", "first", { vector: one }),
      documentOf("b", "second", { vector: other }),
    ];
    await store.upsertDocuments("c", documents, { model: "m" });
    const bigger = { ...model, id: "m2", dimensions: 32 };
    const broken = await messageOf(
      store.reembed(bigger, async () => {
        throw new Error("the embedder is gone");
      }),
    );
    const still = await idsOf(store, await store.searchVectors("c", other, { limit: 1 }));
    const made = await store.reembed(bigger, async (texts) =>
      texts.map((text) => new Float32Array(32).fill(text.includes("first") ? 1 : -1)),
    );
    const now = await idsOf(
      store,
      await store.searchVectors("c", new Float32Array(32).fill(-1), { limit: 1 }),
    );
    expect({
      broken,
      still,
      made,
      now,
      id: await store.readModelId(),
      bad: (await store.verify()).problems,
    }).toEqual({
      broken: ["the embedder is gone", undefined],
      still: ["b"],
      made: 2,
      now: ["b"],
      id: "m2",
      bad: [],
    });
    await store.close();
  });
});

test("fifty readers beside a writer at full speed meet no error and no half-written document", async () => {
  const store = await openEmpty();
  const writer = Bun.spawn(
    [process.execPath, join(import.meta.dir, "rag-writer.ts"), store.path, "ingest", "5", "300"],
    { stdout: "pipe" },
  );
  let told = 0;
  const reading = (async () => {
    for await (const part of writer.stdout) told += part.byteLength;
  })();
  const readers = Array.from({ length: 50 }, async (_, index) => {
    const reader = index < 5 ? await openStore(store.path) : store;
    const next = createVectors("uniform", { rows: 1, dimensions: 16, seed: index });
    let searches = 0;
    while (writer.exitCode === null) {
      const found = await reader.searchVectors("c", next(), { limit: 5 });
      const chunks = await reader.getChunks(found.map(({ chunkId }) => chunkId));
      await reader.searchWords("c", chunks[0]?.text ?? "none", { limit: 5 });
      searches += chunks.every(({ document }) => document.sourceId !== "") ? 1 : 0;
      await Bun.sleep(1);
    }
    if (reader !== store) await reader.close();
    return searches;
  });
  const searches = await Promise.all(readers);
  await reading;
  expect({
    code: await writer.exited,
    haveRead: searches.every((count) => count > 0),
    hasWritten: told > 0,
    problems: (await store.verify()).problems,
  }).toEqual({ code: 0, haveRead: true, hasWritten: true, problems: [] });
  await store.close();
}, 30_000);

describe("the file", () => {
  test.each([
    ["a text", "this is no database, but long enough to be looked at", "the file is no index"],
    ["a folder", undefined, "not a file"],
  ])("that is %s is refused by name", async (_, content, state) => {
    const path = join(folder.path, `wrong${++files}`);
    if (content === undefined) mkdirSync(path);
    else writeFileSync(path, content.repeat(50));
    const [message] = await messageOf(openStore(path));
    expect(message).toBe(`Cannot open "${path}": ${state}`);
  });

  test("with damaged pages says so instead of an answer, and verify names it", async () => {
    const store = await openEmpty();
    const texts = createTexts(40, 5);
    const documents = Array.from({ length: 400 }, (_, index) => documentOf(`d${index}`, texts()));
    await store.upsertDocuments("c", documents);
    await store.backup(join(folder.path, "good.db"));
    await store.close();
    const bytes = readFileSync(join(folder.path, "good.db"));
    const random = createRandom(9);
    // The first page stays, so that the file opens.
    for (let at = 16_384; at < bytes.length; at += 1 + Math.floor(random() * 60))
      bytes[at] = random() * 256;
    writeFileSync(join(folder.path, "bad.db"), bytes);
    const bad = await messageOf(
      openStore(join(folder.path, "bad.db")).then((index) => index.verify()),
    );
    expect(bad[0]).toContain("the file is damaged");
  });

  test("of a newer program is left alone", async () => {
    const store = await openEmpty("newer.db");
    await store.close();
    const { Database } = await import("bun:sqlite");
    const raw = new Database(store.path);
    raw.run("pragma user_version = 999");
    raw.close();
    const [message] = await messageOf(openStore(store.path));
    expect(message).toBe(
      `Cannot open "${store.path}": schema 999; this program knows versions up to 1`,
    );
  });

  test("is searched and not written where it cannot be written", async () => {
    const store = await openEmpty(`read${++files}.db`);
    await store.upsertDocuments("c", [documentOf("d", "avalanche")]);
    await store.close();
    // Root may write anything, so somebody else has a look.
    chmodSync(folder.path, 0o755);
    chmodSync(store.path, 0o444);
    const script = `const { openStore } = await import(${JSON.stringify(join(import.meta.dir, "../mcp/rag/store/open.ts"))});
      process.setuid?.(65534);
      const store = await openStore(${JSON.stringify(store.path)});
      const found = await store.searchWords("c", "avalanche", { limit: 3 });
      const error = await store.saveCursor("a", "b").catch((error) => error.message);
      console.log(JSON.stringify({ found: found.length, error, isReadOnly: (await store.stats()).isReadOnly }));`;
    const { stdout, stderr } = await runToEnd([process.execPath, "-e", script]);
    expect({ stderr, told: JSON.parse(stdout || "null") }).toEqual({
      stderr: "",
      told: {
        found: 1,
        error: `Cannot save a cursor in "${store.path}": it is read-only`,
        isReadOnly: true,
      },
    });
  });

  test("that finds the disk full keeps what was acknowledged and says so", async () => {
    const store = await openEmpty();
    await store.upsertDocuments("c", [documentOf("kept", "avalanche")]);
    await store.close();
    // The limit on a file's size fails writes as a full disk does.
    const script = `const { openStore } = await import(${JSON.stringify(join(import.meta.dir, "../mcp/rag/store/open.ts"))});
      const store = await openStore(${JSON.stringify(store.path)});
      const text = Array.from({ length: 400 }, (_, index) => "word" + index).join(" ");
      const documents = Array.from({ length: 2000 }, (_, index) => ({ sourceId: "n" + index, contentHash: "h", title: "t",
        source: "s", facets: {}, metadata: {}, chunks: [{ text, headings: [], language: "en", startOffset: 0, endOffset: 1 }] }));
      const error = await store.upsertDocuments("c", documents).catch((error) => error.message);
      const found = await store.searchWords("c", "avalanche", { limit: 3 });
      console.log(JSON.stringify({ error, found: found.length }));`;
    const limited = [
      "bash",
      "-c",
      `trap '' XFSZ; ulimit -f 4096; exec "$0" -e "$1"`,
      process.execPath,
      script,
    ];
    const { stdout } = await runToEnd(limited);
    const again = await openStore(store.path);
    expect({ told: JSON.parse(stdout || "null"), verdict: await again.verify() }).toEqual({
      told: { error: expect.stringMatching(/: (the disk is full|the disk fails)$/), found: 1 },
      verdict: { checked: { collections: 1, documents: 1, chunks: 1, vectors: 0 }, problems: [] },
    });
    await again.close();
  });

  test("is copied whole beside a writer", async () => {
    const store = await openEmpty();
    await store.upsertDocuments("c", [documentOf("a", "avalanche")]);
    const copy = join(folder.path, `copy${++files}.db`);
    await Promise.all([
      store.backup(copy),
      store.upsertDocuments("c", [documentOf("b", "blizzard")]),
    ]);
    const second = await openStore(copy);
    expect([await second.verify(), await messageOf(store.backup(copy))]).toMatchObject([
      { problems: [] },
      [`Cannot back up to "${copy}": there is a file`, "Name another file, or move that one away."],
    ]);
    await second.close();
    await store.close();
  });
});

async function messageOf(work: Promise<unknown>): Promise<[string, string | undefined]> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return [Object(error).message ?? "no error", Object(error).hint];
}

async function idsOf(store: Store, found: readonly { chunkId: number }[]): Promise<string[]> {
  const chunks = await store.getChunks(found.map(({ chunkId }) => chunkId));
  return chunks.map(({ document }) => document.sourceId);
}

/** Rows were added in three parts, and `half` counts from the first of each. */
function oddRow(row: number): boolean {
  return row % 2 === 1;
}

function nearest(
  vectors: readonly Float32Array[],
  query: Float32Array,
  isAllowed: (row: number) => boolean,
): string[] {
  return vectors
    .map((vector, row) => ({
      row,
      score: vector.reduce((sum, value, at) => sum + value * (query[at] ?? 0), 0),
    }))
    .filter(({ row }) => row !== 7 && isAllowed(row))
    .sort((one, other) => other.score - one.score)
    .slice(0, 10)
    .map(({ row }) => `d${row}`);
}

function overlap(one: readonly string[], other: readonly string[]): number {
  return one.filter((id) => other.includes(id)).length;
}
