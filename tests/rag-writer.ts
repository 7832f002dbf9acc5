/**
 * A program that writes an index until it is killed, and says on stdout what it was told is written:
 * `bun tests/rag-writer.ts <file> <ingest|retrain|reembed> <seed> [turns]`.
 */
import { writeSync } from "node:fs";
import { openStore } from "../mcp/rag/store/open.ts";
import { createRandom, createTexts, createVectors } from "../tools/bench/rag-data.ts";
import { documentOf } from "./rag.ts";

const [file = "", work = "ingest", seed = "1", turns = "Infinity"] = process.argv.slice(2);
const random = createRandom(Number(seed));
const nextText = createTexts(12, Number(seed));
const store = await openStore(file);
const dimensions = (await store.readModel())?.dimensions ?? 8;
const nextVector = createVectors("uniform", { rows: 1, dimensions, seed: Number(seed) });
// Written before the next transaction begins: what is told lags behind by one at most.
const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`);
say({ opened: true });

if (work === "retrain") {
  while (true) say({ trained: (await store.maintain()).trained.length, turn: await write() });
}
if (work === "reembed") {
  const model = { id: `m${seed}`, dimensions, documentPrefix: "", queryPrefix: "" };
  await store.reembed(model, async (texts) => texts.map(() => nextVector()));
  say({ reembedded: model.id });
}
/** Turns until it ends by itself. */
const turnsLimit = Number(turns);
for (let turn = 0; work === "ingest" && turn < turnsLimit; turn++) await write();
await store.close();

/** One transaction: some documents put in place, a cursor moved with them, and now and then one deleted. */
async function write(): Promise<number> {
  const turn = Math.floor(random() * 1e9);
  const model = await store.readModelId();
  const documents = Array.from({ length: 5 }, () =>
    documentOf(`s${Math.floor(random() * 60)}`, nextText(), { vector: nextVector() }),
  );
  await store.upsertDocuments("c", documents, {
    ...(model && { model }),
    cursor: { name: "turn", value: String(turn) },
  });
  const hashes = documents.map(({ sourceId, contentHash }) => [sourceId, contentHash]);
  say({ turn, put: Object.fromEntries(hashes) });
  if (random() < 0.2) {
    const gone = `s${Math.floor(random() * 60)}`;
    await store.deleteDocuments("c", [gone]);
    say({ gone });
  }
  return turn;
}
