/** A server that only searches, as far as its memory and its waiting beside a writer go: `… <index>`, queries on stdin. */
import { search } from "../../mcp/rag/retrieve/search.ts";
import { openStore } from "../../mcp/rag/store/open.ts";
import { createTexts } from "./rag-data.ts";

/** Readers that wait for their turn at once. */
const readers = 50;
const roundsPerReader = 6;

const path = process.argv[2] ?? "";
const queries: number[][] = JSON.parse(await Bun.stdin.text());
const vectors = queries.map((numbers) => new Float32Array(numbers));
const store = await openStore(path);
const nextQuestion = createTexts(6, 78);
const embedding = {
  embed: async () => ({
    vector: vectors[Math.floor(Math.random() * vectors.length)] as Float32Array,
  }),
  close: async () => undefined,
};

await readAll();
const idle = await readAll();
const searchMiB = process.memoryUsage().rss / 2 ** 20;
const writer = Bun.spawn(
  [process.execPath, new URL("./rag-speed-writer.ts", import.meta.url).pathname, path],
  { stdout: "pipe", stderr: "inherit" },
);
await writer.stdout.getReader().read();
const beside = await readAll();
writer.kill("SIGKILL");
await writer.exited;
await store.close();
console.log(JSON.stringify({ searchMiB, writingFactor: beside / idle }));

/** The 95th percentile of all readers' waits, in milliseconds. */
async function readAll(): Promise<number> {
  const waits: number[] = [];
  const read = async () => {
    for (let round = 0; round < roundsPerReader; round++) {
      const beganMs = performance.now();
      const request = { collection: "c", query: nextQuestion(), topK: 10, now: new Date() };
      await search({ store, embedding }, request);
      waits.push(performance.now() - beganMs);
      await Bun.sleep(0);
    }
  };
  await Promise.all(Array.from({ length: readers }, read));
  waits.sort((one, other) => one - other);
  return waits[Math.floor(waits.length * 0.95)] ?? Number.NaN;
}
