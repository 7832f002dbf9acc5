import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SQL } from "bun";
import { freePort, startPrivatePostgres } from "../../db/private.ts";
import { killPostgres } from "../../tests/kill-postgres.ts";
import { type RunningProgram, startProgram } from "../processes.ts";
import { installBundles } from "../stackBundles.ts";
import { writeSamples } from "../stackDocuments.ts";

/** What can be killed: one of two replicas, a tool server in its jail, both replicas at once, or the database. */
export const victims = ["replica", "tool", "both replicas", "database"] as const;
export type Victim = (typeof victims)[number];

const tools = ["ocr-mcp", "rag-mcp", "decision-mcp"] as const;

/** Two replicas of claims-api, Berth with the three tool servers, and a database, each of them killable. */
export interface Victims {
  /** The addresses of the replicas; they stay the same. */
  urls: readonly [string, string];
  databaseUrl: string;
  /** Kills with SIGKILL, and starts again what does not come back by itself. `turn` picks one of several. */
  kill(victim: Victim, turn: number): Promise<void>;
  /** What all programs have logged so far. */
  readLogs(): string;
  stop(): Promise<void>;
}

/** Starts everything from source, on a new database and the documents of the sample claims. */
export async function startVictims(): Promise<Victims> {
  await using started = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "berth-claims-kills-"));
  started.defer(() => rmSync(folder, { recursive: true, force: true }));
  const place = { folder: join(folder, "postgres"), port: await freePort() };
  let postgres = await startPrivatePostgres(place);
  started.defer(() => postgres.stop());
  await postgres.ensureDatabase("claims");
  const databaseUrl = postgres.urlOf("claims");
  const urls = [await freeUrl(), await freeUrl()] as const;
  const token = crypto.randomUUID();
  const berth = await startBerth(folder, urls[0], token);
  started.defer(() => berth.stop());
  const env = { DATABASE_URL: databaseUrl, INTERNAL_TOKEN: token, ...toolEnv(folder, berth.url) };
  const start = (index: number) => startReplica(folder, { url: urls[index] ?? "", index, env });
  const replicas: RunningProgram[] = [];
  started.defer(async () => void (await Promise.all(replicas.map((replica) => replica.stop()))));
  for (const index of urls.keys()) replicas[index] = await start(index);
  const killReplicas = async (indexes: readonly number[]) => {
    const dead = replicas.filter((_, index) => indexes.includes(index));
    for (const { process } of dead) process.kill("SIGKILL");
    await Promise.all(dead.map(({ ended }) => ended));
    for (const index of indexes) replicas[index] = await start(index);
  };
  const running = started.move();
  return {
    urls,
    databaseUrl,
    async kill(victim, turn) {
      if (victim === "replica") await killReplicas([turn % 2]);
      if (victim === "both replicas") await killReplicas([0, 1]);
      if (victim === "tool") killTool(folder, tools[turn % tools.length] ?? tools[0]);
      if (victim !== "database") return;
      await killPostgres(postgres.pid);
      postgres = await startPrivatePostgres(place);
    },
    readLogs() {
      const logs = join(folder, "logs");
      return readdirSync(logs)
        .map((name) => readFileSync(join(logs, name), "utf8"))
        .join("\n");
    },
    stop: () => running.disposeAsync(),
  };
}

/** A worker is taken for dead after ten seconds without a sign of life; this makes everybody's last sign a minute old. */
export async function skipSilence(sql: SQL): Promise<void> {
  await sql`update claims_queue.job set heartbeat_on = heartbeat_on - interval '1 minute'
    where state = 'active'`;
}

async function freeUrl(): Promise<string> {
  return `http://127.0.0.1:${await freePort()}`;
}

function toolEnv(folder: string, berthUrl: string): Record<string, string> {
  const urls = tools.map((name) => [
    `${name.replace("-mcp", "").toUpperCase()}_SERVER_URL`,
    `${berthUrl}/${name}/mcp`,
  ]);
  return { DOCUMENTS_ROOT: join(folder, "documents"), ...Object.fromEntries(urls) };
}

/** Berth with the tool servers in their jails, as `bun run up` starts it. */
async function startBerth(
  folder: string,
  claimsApi: string,
  token: string,
): Promise<RunningProgram> {
  const documents = join(folder, "documents");
  const index = join(folder, "rag");
  for (const path of [index, join(folder, "logs")]) mkdirSync(path, { recursive: true });
  await writeSamples(documents);
  const { configFile } = await installBundles(folder, {
    // The servers that no claim needs are installed with the others; nobody calls them.
    CUSTOMER_API_BASE_URL: claimsApi,
    FINANCE_API_BASE_URL: claimsApi,
    CLAIMS_API_BASE_URL: claimsApi,
    CLAIMS_API_TOKEN: `\${env:CLAIMS_API_TOKEN}`,
    DOCUMENTS_ROOT: documents,
    RAG_DB: `${index}/`,
    DECISION_REQUIRE_RUN_ID: "true",
  });
  const url = await freeUrl();
  return startProgram({
    name: "berth",
    entry: "src/edge/main.ts",
    args: ["serve", configFile, "--port", new URL(url).port],
    env: { CLAIMS_API_TOKEN: token },
    url,
    readyPath: "/readyz",
    logFile: join(folder, "logs", "berth.log"),
  });
}

function startReplica(
  folder: string,
  { url, index, env }: { url: string; index: number; env: Record<string, string> },
): Promise<RunningProgram> {
  return startProgram({
    name: `claims-api ${index + 1}`,
    entry: "src/services/claims/main.ts",
    args: ["--port", new URL(url).port],
    env,
    url,
    readyPath: "/health/ready",
    logFile: join(folder, "logs", `claims-api-${index + 1}.log`),
  });
}

/** Kills the newest child of a server, as Berth's log names it; Berth starts another. */
function killTool(folder: string, server: string): void {
  const log = readFileSync(join(folder, "logs", "berth.log"), "utf8");
  const boots = log.matchAll(new RegExp(`"server":"${server}","kind":"boot","child":(\\d+)`, "g"));
  const child = [...boots].at(-1)?.[1];
  if (child === undefined) throw new Error(`Cannot kill ${server}: it has never been started`);
  process.kill(Number(child), "SIGKILL");
}
