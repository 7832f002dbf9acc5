import { afterAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "../mcp/rag/store/open.ts";
import type { Store } from "../mcp/rag/store/port.ts";
import { loadExtension, locateExtension } from "../mcp/rag/store/sqlite/extension.ts";
import { createRandom, createTexts, createVectors } from "../tools/bench/rag-data.ts";
import { runToEnd } from "./program.ts";
import { createFolder, documentOf, messageOf } from "./rag.ts";

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
    const path = join(folder.path, "bad.db");
    expect(await messageOf(openStore(path).then((index) => index.verify()))).toEqual([
      `Cannot verify in "${path}": the file is damaged`,
      "Put the last backup in its place, or delete it and ingest again.",
    ]);
  });

  test("of an older program is brought up to date", async () => {
    const store = await openEmpty("older.db");
    await store.upsertDocuments("c", [documentOf("d", "avalanche"), documentOf("e", "blizzard")]);
    await store.close();
    const { Database } = await import("bun:sqlite");
    const raw = new Database(store.path);
    raw.run(asVersion1);
    raw.close();
    const again = await openStore(store.path);
    await again.deleteDocuments("c", ["e"]);
    expect([await again.verify(), (await again.stats()).schemaVersion]).toEqual([
      { checked: { collections: 1, documents: 1, chunks: 1, vectors: 0 }, problems: [] },
      3,
    ]);
    await again.close();
  });

  test("whose vectors an older program put into lists finds them all", async () => {
    const store = await openEmpty("lists.db");
    await store.close();
    const { Database } = await import("bun:sqlite");
    const raw = new Database(store.path);
    loadExtension(raw, await locateExtension());
    raw.run(asVersion1);
    raw.run(inLists);
    raw.close();
    const again = await openStore(store.path);
    const found = await again.searchVectors("c", new Float32Array([0.6, 0.8]), { limit: 9 });
    expect([found.map(({ chunkId }) => chunkId), await again.verify()]).toEqual([
      [2, 1],
      { checked: { collections: 1, documents: 1, chunks: 2, vectors: 2 }, problems: [] },
    ]);
    await again.close();
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
      `Cannot open "${store.path}": schema 999; this program knows versions up to 3`,
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

  test("that may not grow keeps what was acknowledged and says so", async () => {
    const store = await openEmpty();
    await store.upsertDocuments("c", [documentOf("kept", "avalanche")]);
    await store.close();
    // The limit on a file's size fails writes as a quota does; rag-disk.test.ts fills a disk.
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
      told: {
        error: `Cannot add documents to "c" in "${store.path}": the disk fails`,
        found: 1,
      },
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

/** Makes a file of today, without vectors, one of version 1. */
const asVersion1 = `
  drop table partitions;
  drop table generations;
  create table generations (
    id integer primary key autoincrement, collection_id integer not null references collections (id),
    model_id text not null, dimensions integer not null, lists integer not null, centroids blob,
    state text not null check (state in ('live', 'training', 'reembedding')),
    trained_rows integer not null, copied_to integer not null, copy_until integer not null
  ) strict;
  create unique index generations_by_state on generations (collection_id, state);
  alter table collections drop column chunks;
  pragma user_version = 1;
`;

/** Two chunks with vectors as version 1 kept them, and a training that was cut off. */
const inLists = `
  update model set dimensions = 2;
  insert into documents (collection_id, source_id, content_hash, title, source, facets, metadata)
    values (1, 'd', 'h', '', '', '{}', '{}');
  insert into chunks (collection_id, document_id, ordinal, text, headings, language, start_offset, end_offset, has_vector)
    values (1, 1, 0, '', '[]', 'en', 0, 0, 1), (1, 1, 1, '', '[]', 'en', 0, 0, 1);
  insert into words_1 (rowid, head, body) values (1, '', ''), (2, '', '');
  insert into generations values
    (1, 1, 'm', 2, 2, x'0000803f000000000000000000008040', 'live', 2, 0, 0),
    (2, 1, 'm', 2, 2, x'0000803f000000000000000000008040', 'training', 2, 1, 2);
  create virtual table vectors_1 using vec0(list integer partition key, embedding float[2], chunk_size=128);
  insert into vectors_1 (rowid, list, embedding) values (1, 0, '[1, 0]'), (2, 1, '[0, 1]');
  create virtual table vectors_2 using vec0(list integer partition key, embedding float[2], chunk_size=128);
  insert into vectors_2 (rowid, list, embedding) values (1, 0, '[1, 0]');
`;
