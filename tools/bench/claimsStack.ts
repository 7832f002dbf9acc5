import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, startPrivatePostgres } from "../../db/private.ts";
import { benchFolder } from "./binary.ts";
import { type BenchProgram, startBenchProgram } from "./program.ts";

const root = join(import.meta.dir, "..", "..");
const parts = [
  "mcp/ocr/server.ts",
  "mcp/rag/server.ts",
  "mcp/decision/server.ts",
  "tools/samples.ts",
  "src/services/claims/main.ts",
];

/** The claims service with its three MCP servers, on a database of its own and the sample documents. */
export interface ClaimsStack {
  url: string;
  memoryMiB(): number;
  stop(): Promise<void>;
}

/** Starts everything that takes a claim from its document to its decision, each part as a program of its own. */
export async function startClaimsStack(): Promise<ClaimsStack> {
  const missing = parts.filter((part) => !existsSync(join(root, part)));
  if (missing.length > 0) throw new Error(`Cannot run the bench: ${missing.join(", ")} is missing`);
  const folder = mkdtempSync(join(tmpdir(), "berth-bench-claims-"));
  const documents = join(folder, "documents");
  Bun.spawnSync([process.execPath, join(root, "tools/samples.ts"), documents]);
  const postgres = await startPrivatePostgres({ folder: join(benchFolder, "postgres-claims") });
  const database = `claims_${Date.now()}`;
  await postgres.ensureDatabase(database);
  const ports = {
    api: await freePort(),
    ocr: await freePort(),
    rag: await freePort(),
    decision: await freePort(),
  };
  const url = `http://127.0.0.1:${ports.api}`;
  const token = crypto.randomUUID();
  const claims = { CLAIMS_API_BASE_URL: url, CLAIMS_API_TOKEN: token };
  const programs: BenchProgram[] = [];
  const start = async (
    name: string,
    port: number,
    env: Record<string, string>,
    readyPath: string,
  ) => {
    const isApi = name === "claims-api";
    const entry = isApi
      ? "src/services/claims/main.ts"
      : `mcp/${name.replace("-mcp", "")}/server.ts`;
    const flags = isApi ? [] : ["--transport", "http"];
    programs.push(
      await startBenchProgram({
        name,
        command: [process.execPath, join(root, entry), ...flags, "--port", `${port}`],
        env,
        side: "rest",
        readyUrl: `http://127.0.0.1:${port}${readyPath}`,
      }),
    );
  };
  const mcp = (port: number) => `http://127.0.0.1:${port}/mcp`;
  await start(
    "claims-api",
    ports.api,
    {
      DATABASE_URL: postgres.urlOf(database),
      DOCUMENTS_ROOT: documents,
      INTERNAL_TOKEN: token,
      OCR_SERVER_URL: mcp(ports.ocr),
      RAG_SERVER_URL: mcp(ports.rag),
      DECISION_SERVER_URL: mcp(ports.decision),
    },
    "/health/ready",
  );
  await start("ocr-mcp", ports.ocr, { DOCUMENTS_ROOT: documents }, "/healthz");
  await start("decision-mcp", ports.decision, claims, "/healthz");
  await start("rag-mcp", ports.rag, { RAG_DB: join(folder, "rag.sqlite"), ...claims }, "/healthz");
  return {
    url,
    memoryMiB: () => programs.reduce((sum, program) => sum + program.memoryMiB(), 0),
    async stop() {
      for (const program of programs.reverse()) await program.stop();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
