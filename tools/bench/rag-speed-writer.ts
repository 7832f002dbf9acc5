/** Ingests at full speed into a collection of its own until it is killed; says so with its first line. */
import { openStore } from "../../mcp/rag/store/open.ts";
import { createTexts, createVectors } from "./rag-data.ts";

const store = await openStore(process.argv[2] ?? "");
await store.ensureCollection("writer", "Writer");
const dimensions = (await store.readModel())?.dimensions ?? 0;
const nextVector = createVectors("uniform", { rows: 1, dimensions, seed: 4 });
const nextText = createTexts(30, 4);
for (let turn = 0; ; turn++) {
  const chunks = Array.from({ length: 20 }, () => {
    const text = nextText();
    const vector = nextVector();
    return {
      text,
      headings: [],
      language: "en" as const,
      startOffset: 0,
      endOffset: text.length,
      vector,
    };
  });
  const sourceId = `d${turn}`;
  await store.upsertDocuments("writer", [
    { sourceId, contentHash: "1", title: "", source: "", facets: {}, metadata: {}, chunks },
  ]);
  if (turn === 0) console.log("writing");
}
