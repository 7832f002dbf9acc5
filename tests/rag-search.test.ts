import { afterAll, describe, expect, test } from "bun:test";
import { documentOf, openEmptyStore } from "./rag.ts";
import { listEngines } from "./rag-engines.ts";

describe.each(await listEngines())("in $name", (engine) => {
  afterAll(engine.remove, 30_000);

  const openEmpty = async () => openEmptyStore(await engine.place());

  describe("searching by words", () => {
    test("finds stems of both languages, accents or not, and codes in any spelling", async () => {
      const store = await openEmpty();
      await store.upsertDocuments("c", [
        documentOf("en", "The deductible applies to damages of contract CNT-2025-0001."),
        documentOf("fr", "La franchise s'applique aux dégâts des eaux réparés.", {
          language: "fr",
        }),
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
});
