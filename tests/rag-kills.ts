import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { builtinSource } from "../mcp/rag/embed/builtin.ts";
import { syncOnce } from "../mcp/rag/ingest/periodicSync.ts";
import { openStore } from "../mcp/rag/store/open.ts";
import type { Store } from "../mcp/rag/store/port.ts";
import { openUpstream } from "../src/core/upstream.ts";
import { createRandom, createTexts, createVectors } from "../tools/bench/rag-data.ts";
import { createFolder, documentOf } from "./rag.ts";
import { openArticleService } from "./rag-claims.ts";
import { inspectWritten, type Left, readLines } from "./rag-killed.ts";

/** What is killed. */
export const killedWorks = ["ingest", "retrain", "reembed", "sync"] as const;
export type KilledWork = (typeof killedWorks)[number];

/** Over this many the index gets lists, so that training has something to do. */
const rows = 20_400;
const dimensions = 8;
/** How long after its first sign of life a program is killed at most, in milliseconds: longer than most of its work takes. */
const waitLimitMs: Readonly<Record<KilledWork, number>> = {
  ingest: 80,
  retrain: 700,
  reembed: 700,
  sync: 900,
};
const articles = 300;

/** Kills programs that write an index at points that differ with every run. */
export interface Kills {
  /** Tells the points: the same one draws the same waits and texts. */
  seed: number;
  /** Starts a program, kills it with SIGKILL somewhere, and looks at what it left. */
  killOnce(work: KilledWork): Promise<Left>;
  close(): void;
}

/** Makes what the programs work on. */
export async function openKills(): Promise<Kills> {
  const folder = createFolder();
  const seed = Math.floor(Math.random() * 1e6);
  const random = createRandom(seed);
  const large = join(folder.path, "large.db");
  await fillLarge(large, seed);
  let round = 0;
  return {
    seed,
    async killOnce(work) {
      const file = join(folder.path, `${work}${++round}.db`);
      if (work === "ingest") await prepareFile(file);
      if (work === "retrain" || work === "reembed") copyFileSync(large, file);
      const waitMs = random() * waitLimitMs[work];
      const number = Math.ceil(random() * 1e6);
      const left =
        work === "sync"
          ? await killSync(file, waitMs, number)
          : // Going on where it was cut off takes seconds, so that not every round does it.
            await killWriter([file, work, String(number)], waitMs, round % 5 === 0);
      for (const end of ["", "-wal", "-shm"]) rmSync(`${file}${end}`, { force: true });
      return left;
    },
    close: folder.remove,
  };
}

async function killWriter(args: string[], waitMs: number, isThorough: boolean): Promise<Left> {
  const [file = "", work] = args;
  const writer = Bun.spawn([process.execPath, join(import.meta.dir, "rag-writer.ts"), ...args], {
    ...{ stdout: "pipe", stderr: "inherit" },
  });
  const told = readLines(writer.stdout);
  await told.first;
  await Promise.race([Bun.sleep(waitMs), writer.exited]);
  writer.kill("SIGKILL");
  await writer.exited;
  return inspectWritten(file, await told.all, {
    dimensions,
    goesOn: work === "ingest" || isThorough,
  });
}

/** The program that users start, against a service that sees how far it has come. */
async function killSync(file: string, waitMs: number, seed: number): Promise<Left> {
  await using service = openArticleService(articles, seed);
  const server = join(import.meta.dir, "..", "mcp", "rag", "server.ts");
  const from = ["--db", file, "--claims-api-base-url", service.url];
  const program = Bun.spawn([process.execPath, server, "sync", ...from], {
    ...{ stdout: "ignore", stderr: "inherit" },
  });
  await service.asked;
  await Promise.race([Bun.sleep(waitMs), program.exited]);
  program.kill("SIGKILL");
  await program.exited;
  const acknowledged = service.ids.slice(0, service.acknowledged());
  const store = await openStore(file);
  const collections = (await store.listCollections()).map(({ name }) => name);
  const sources = async () =>
    collections.includes("knowledge_base")
      ? await store.listSources("knowledge_base")
      : new Map<string, string>();
  const before = await sources();
  const { problems } = await store.verify();
  const claims = openUpstream({ baseUrl: service.url, name: "claims service" });
  await syncOnce(
    { store, source: builtinSource, claims },
    {
      isFull: false,
      signal: new AbortController().signal,
    },
  );
  const after = await store.listSources("knowledge_base");
  const found = await store.searchWords("knowledge_base", "rule 7", { limit: 1 });
  const again = await store.verify();
  await store.close();
  return {
    problems: [...problems, ...again.problems],
    lost: [
      ...acknowledged.filter((id) => !before.has(id)),
      ...service.ids.filter((id) => !after.has(id)),
    ],
    isSearchable: found.length === 1,
  };
}

async function fillLarge(file: string, seed: number): Promise<void> {
  const store = await openStore(file);
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
