import { join } from "node:path";
import { freePort, startPrivatePostgres } from "../../db/private.ts";
import { benchFolder, readyBinary } from "./binary.ts";
import { movePid, startBenchProgram } from "./program.ts";

/** A customer service that MCP servers can call. */
export interface RestService {
  url: string;
  stop(): Promise<void>;
}

/** Starts what stands behind the MCP servers: a stub that is instant, or the real service on PostgreSQL. */
export function startRest(kind: "instant" | "real"): Promise<RestService> {
  return kind === "instant" ? startStub() : startReal();
}

async function startStub(): Promise<RestService> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = await startBenchProgram({
    name: "stub",
    command: [process.execPath, join(import.meta.dir, "peers/stub.ts"), `${port}`],
    side: "rest",
    readyUrl: `${url}/actuator/health/readiness`,
  });
  return { url, stop: () => program.stop() };
}

async function startReal(): Promise<RestService> {
  const database = await startDatabase();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = await startBenchProgram({
    name: "customer-api",
    command: [await readyBinary("customer-api"), "--port", `${port}`],
    env: { DATABASE_URL: database.urlOf("fantaco_customer") },
    side: "rest",
    readyUrl: `${url}/actuator/health/readiness`,
  });
  const stop = async () => {
    await program.stop();
    await database.stop();
  };
  return { url, stop };
}

/** A private PostgreSQL of the benches' own, with a database for each service. */
export async function startDatabase(): Promise<{
  urlOf(database: string): string;
  stop(): Promise<void>;
}> {
  const postgres = await startPrivatePostgres({ folder: join(benchFolder, "postgres") });
  // Connections are made by processes that it forks; they stay on its cores.
  movePid(postgres.pid, "rest");
  for (const name of ["fantaco_customer", "fantaco_finance"]) await postgres.ensureDatabase(name);
  return postgres;
}
