import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtinSource } from "../embed/builtin.ts";
import { endpointSource } from "../embed/endpoint.ts";
import { openStore } from "../store/open.ts";
import type { NewDocument, Store } from "../store/port.ts";
import { embedIndex } from "./embedIndex.ts";

const base = mkdtempSync(join(tmpdir(), "berth-embed-"));
afterAll(() => rmSync(base, { recursive: true }));

function note(name: string): NewDocument {
  const text = `Note ${name} of the office.`;
  const chunk = {
    text,
    headings: [],
    language: "en",
    startOffset: 0,
    endOffset: text.length,
  } as const;
  return {
    sourceId: name,
    contentHash: name,
    title: name,
    source: name,
    facets: {},
    metadata: {},
    chunks: [chunk],
  };
}

async function openWith(names: readonly string[]): Promise<Store> {
  const store = await openStore(join(mkdtempSync(join(base, "index-")), "index.db"));
  await store.ensureCollection("notes", "Notes");
  await store.upsertDocuments("notes", names.map(note));
  return store;
}

function endpoint(url: string) {
  const options = { documentPrefix: "", queryPrefix: "", requestsPerMinute: 0, retryDelayMs: 1 };
  return endpointSource({ url, model: "mini", ...options });
}

async function missing(store: Store): Promise<number> {
  const { collections } = await store.stats();
  return collections.reduce((sum, { chunksWithoutVector }) => sum + chunksWithoutVector, 0);
}

describe("embedIndex", () => {
  test("fits the built-in model once, again only when the index has doubled", async () => {
    const store = await openWith(["a", "b", "c", "d"]);
    const first = await embedIndex(store, builtinSource);
    expect(first).toEqual({ model: expect.stringMatching(/^built-in-/), vectors: 4 });
    await store.upsertDocuments("notes", [note("e")]);
    expect(await embedIndex(store, builtinSource)).toEqual({ model: first.model, vectors: 1 });
    await store.upsertDocuments("notes", ["f", "g", "h"].map(note));
    const grown = await embedIndex(store, builtinSource);
    expect(grown).toEqual({ model: expect.stringMatching(/^built-in-/), vectors: 8 });
    expect(grown.model).not.toBe(first.model);
    expect((await store.readModel())?.id).toBe(grown.model as string);
    await store.close();
  });

  test("leaves an empty index without a model", async () => {
    const store = await openWith([]);
    expect(await embedIndex(store, builtinSource)).toEqual({ model: null, vectors: 0 });
    await store.close();
  });

  test("goes on by words while the embedding server is down, and makes the vectors later", async () => {
    const store = await openWith(["a"]);
    const problem = "Cannot embed: the embedding server cannot be reached";
    expect(await embedIndex(store, endpoint("http://127.0.0.1:1"))).toEqual({
      model: null,
      vectors: 0,
      problem,
    });
    expect(await missing(store)).toBe(1);
    expect((await store.searchWords("notes", "office", { limit: 1 })).length).toBe(1);
    using server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: async (request) => {
        // The body is what the embedder sends.
        const { input } = (await request.json()) as { input: string[] };
        const data = input.map((text, index) => ({ index, embedding: [text.length, 1] }));
        return Response.json({ data });
      },
    });
    expect(await embedIndex(store, endpoint(`${server.url}`))).toEqual({
      model: "endpoint:mini",
      vectors: 1,
    });
    await store.upsertDocuments("notes", [note("b")]);
    expect(await embedIndex(store, endpoint("http://127.0.0.1:1"))).toEqual({
      model: "endpoint:mini",
      vectors: 0,
      problem,
    });
    expect(await missing(store)).toBe(1);
    await store.close();
  });

  test("never replaces another model unasked", async () => {
    const store = await openWith(["a"]);
    await embedIndex(store, builtinSource);
    await store.upsertDocuments("notes", ["b", "c"].map(note));
    await expect(embedIndex(store, endpoint("http://127.0.0.1:1"))).rejects.toMatchObject({
      fault: "conflict",
      hint: "Run `rag-mcp reembed` to make all vectors anew, or configure the model of the index.",
    });
    expect((await store.readModel())?.id).toStartWith("built-in-");
    await store.close();
  });

  test("stops when it is told to, and says so", async () => {
    const store = await openWith(["a"]);
    const signal = AbortSignal.abort(new Error("SIGINT"));
    expect(await embedIndex(store, builtinSource, { signal })).toEqual({
      model: null,
      vectors: 0,
      problem: "stopped before all were made",
    });
    await store.close();
  });
});
