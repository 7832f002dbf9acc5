import { afterAll, describe, expect, test } from "bun:test";
import type { Store } from "../mcp/rag/store/port.ts";
import { createTexts, createVectors } from "../tools/bench/rag-data.ts";
import { documentOf, messageOf, storeModel as model, openEmptyStore } from "./rag.ts";
import { listEngines } from "./rag-engines.ts";

describe.each(await listEngines())("in $name", (engine) => {
  afterAll(engine.remove, 30_000);

  const openEmpty = async () => openEmptyStore(await engine.place());

  describe("searching by vectors", () => {
    // Above 20,000 SQLite trains lists; PostgreSQL grows its graph row by row, which takes longer.
    const rows = engine.name === "sqlite" ? 24_000 : 3_000;
    const early = rows - 1_000;
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
      await add(0, 1_000);
      const before = await store.maintain();
      await add(1_000, early);
      // Written and deleted while it trains: both must be in the new index.
      let meanwhile: Promise<number> | undefined;
      const write = () => add(early, rows).then(() => store.deleteDocuments("c", ["d7"]));
      const trained = await store.maintain({
        onProgress: (done, total) => {
          if (done * 2 > total) meanwhile ??= write();
        },
      });
      await (meanwhile ?? write());
      const query = next();
      const filter = { facets: { half: ["odd"] } };
      const found = await idsOf(store, await store.searchVectors("c", query, { limit: 10 }));
      const odd = await idsOf(store, await store.searchVectors("c", query, { limit: 10, filter }));
      // A filter that hardly any row passes: all that pass are found, however far they lie.
      const rare = {
        excludeSourceIds: vectors.map((_, row) => `d${row}`).filter((id) => !/^d1?1$/.test(id)),
      };
      const few = await idsOf(
        store,
        await store.searchVectors("c", query, { limit: 10, filter: rare }),
      );
      const expected = nearest(vectors, query, () => true);
      const expectedOdd = nearest(vectors, query, (row) => oddRow(row));
      const { collections } = await store.stats();
      expect({
        trained: [before.trained, trained.trained],
        index: collections[0]?.index,
        recall: overlap(found, expected) >= 9,
        oddRecall: overlap(odd, expectedOdd) >= 9,
        few: few.sort(),
        verdict: await store.verify(),
      }).toEqual({
        trained: engine.name === "sqlite" ? [[], ["c"]] : [[], []],
        index: engine.name === "sqlite" ? "inverted-file" : "hnsw",
        recall: true,
        oddRecall: true,
        few: ["d1", "d11"],
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
});

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
