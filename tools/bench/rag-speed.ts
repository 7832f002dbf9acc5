import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPgvector, startPgvector } from "../../tests/rag-pgvector.ts";
import type { SpeedPlan, SpeedResult } from "./rag-speed-one.ts";
import { type Goal, tableOf } from "./report.ts";

/** The sizes by the names of their tasks. */
const plans: Readonly<Record<string, Pick<SpeedPlan, "rows" | "spread" | "hasPeers">>> = {
  "10k": { rows: 10_000, spread: "clustered", hasPeers: true },
  "100k": { rows: 100_000, spread: "clustered", hasPeers: true },
  uniform: { rows: 100_000, spread: "uniform", hasPeers: true },
  "1m": { rows: 1_000_000, spread: "clustered", hasPeers: false },
  // Filling pgvector and growing its graph takes ten minutes more.
  "1m-peers": { rows: 1_000_000, spread: "clustered", hasPeers: true },
};

/** 400 MB. */
const mostMiB = 381;

/** What `bun run bench rag` measures of speed, by task. */
export const speedTasks: readonly string[] = Object.keys(plans);

/** What was measured, and how to show it. */
export interface Measured {
  goals: Goal[];
  tables: string[];
  /** For `--json`. */
  figures: unknown;
}

/** For pgvector as its manual advises: the table in memory, and no waiting for the disk while it is filled. */
const pgvectorSettings = {
  shared_buffers: "3GB",
  synchronous_commit: "off",
  max_wal_size: "8GB",
  max_parallel_workers_per_gather: "2",
};

/** Measures searches at several sizes, each in a process of its own, so that memory is that size's alone. */
export async function measureRagSpeed(tasks: readonly string[]): Promise<Measured> {
  const results: SpeedResult[] = [];
  for (const name of tasks) {
    const plan = plans[name];
    if (plan) results.push(await measure({ name, ...plan }));
  }
  const tables = results.length > 0 ? [searchTable(results), buildTable(results)] : [];
  return { goals: results.flatMap(goalsOf), tables, figures: results };
}

async function measure(plan: Omit<SpeedPlan, "folder">): Promise<SpeedResult> {
  const folder = mkdtempSync(join(tmpdir(), "berth-rag-speed-"));
  const given = process.env.TEST_PGVECTOR_URL;
  const binaries = given || !plan.hasPeers ? undefined : await findPgvector();
  const own = binaries === undefined ? undefined : await startPgvector(binaries, pgvectorSettings);
  const pgvectorUrl = given || own?.url;
  if (plan.hasPeers && !pgvectorUrl)
    console.error("no PostgreSQL with pgvector can be had here: it is left out");
  const whole: SpeedPlan = { ...plan, folder, ...(pgvectorUrl && { pgvectorUrl }) };
  try {
    const one = Bun.spawn(
      [process.execPath, join(import.meta.dir, "rag-speed-one.ts"), JSON.stringify(whole)],
      { stdout: "pipe", stderr: "inherit" },
    );
    const text = await new Response(one.stdout).text();
    if ((await one.exited) !== 0) throw new Error(`The measurement of ${plan.name} has failed`);
    return JSON.parse(text);
  } finally {
    await own?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function searchTable(results: readonly SpeedResult[]): string {
  const rows = results.flatMap(({ name, searches }) =>
    searches.map(({ contender, p50Ms, p95Ms, recall }) => [
      name,
      contender,
      p50Ms.toFixed(2),
      p95Ms.toFixed(2),
      recall === undefined ? "" : recall.toFixed(3),
    ]),
  );
  return tableOf(["chunks of 384", "search, 10 nearest", "p50 ms", "p95 ms", "recall@10"], rows);
}

function buildTable(results: readonly SpeedResult[]): string {
  const rows = results.map(({ name, build }) => [
    name,
    Math.round(build.vectorRowsPerSecond).toLocaleString("en"),
    Math.round(build.trainRowsPerSecond).toLocaleString("en"),
    Math.round(build.textRowsPerSecond).toLocaleString("en"),
    build.fileMb.toFixed(0),
    build.buildMiB.toFixed(0),
    build.searchMiB.toFixed(0),
    build.writingFactor.toFixed(1),
  ]);
  const heads = [
    "vectors added/s",
    "trained and copied/s",
    "chunks of 30 words added/s",
    "file MB",
  ];
  return tableOf(
    ["chunks", ...heads, "MiB building, most", "MiB searching", "p95 beside a writer / idle"],
    rows,
  );
}

function goalsOf({ name, searches, build }: SpeedResult): Goal[] {
  const find = (contender: string) => searches.find((row) => row.contender === contender);
  const [lists, hybrid] = [find("inverted file"), find("hybrid")];
  const goal = (text: string, value: number | undefined, isMet: boolean): Goal => ({
    goal: `${name}: ${text}`,
    measured: value === undefined ? "not measured" : value.toFixed(3),
    isMet,
  });
  if (!/^(100k|1m)/.test(name)) return [];
  const [limitMs, leastRecall] = name.startsWith("1m") ? [25, 0.95] : [5, 0.97];
  return [
    goal(`inverted file p50 below ${limitMs} ms`, lists?.p50Ms, (lists?.p50Ms ?? 1e9) < limitMs),
    goal(
      `recall@10 of at least ${leastRecall}`,
      lists?.recall,
      (lists?.recall ?? 0) >= leastRecall,
    ),
    ...(name === "100k"
      ? [goal("hybrid p50 below 15 ms", hybrid?.p50Ms, (hybrid?.p50Ms ?? 1e9) < 15)]
      : []),
    goal("20,000 vectors added/s", build.vectorRowsPerSecond, build.vectorRowsPerSecond >= 20_000),
    goal("memory searching below 381 MiB (400 MB)", build.searchMiB, build.searchMiB < mostMiB),
    goal("memory building below 381 MiB (400 MB)", build.buildMiB, build.buildMiB < mostMiB),
    goal("p95 beside a writer below 4x idle", build.writingFactor, build.writingFactor < 4),
  ];
}
