import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, startPrivatePostgres } from "../../db/private.ts";
import { type BenchProgram, type BenchProgramOptions, startBenchProgram } from "./program.ts";

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
  /** The folder of the claims' documents. */
  documents: string;
  /** Resident memory of one of its programs in MiB. */
  memoryOf(name: string): number;
  stop(): Promise<void>;
}

/**
 * Starts everything that takes a claim from its document to its decision, each part as a program of its own. With a
 * Llama Stack its model chooses the tools, otherwise the built-in workflow does.
 */
export async function startClaimsStack(llamaStackUrl?: string): Promise<ClaimsStack> {
  const missing = parts.filter((part) => !existsSync(join(root, part)));
  if (missing.length > 0) throw new Error(`Cannot run the bench: ${missing.join(", ")} is missing`);
  await using started = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "berth-bench-claims-"));
  started.defer(() => rmSync(folder, { recursive: true, force: true }));
  const documents = join(folder, "documents");
  Bun.spawnSync([process.execPath, join(root, "tools/samples.ts"), documents]);
  const postgres = await startPrivatePostgres({ folder: join(folder, "postgres") });
  started.defer(() => postgres.stop());
  await postgres.ensureDatabase("claims");
  const programs: BenchProgram[] = [];
  const start = async (program: BenchProgramOptions) => {
    const running = await startBenchProgram(program);
    started.defer(() => running.stop());
    programs.push(running);
  };
  const place = { folder, documents, databaseUrl: postgres.urlOf("claims") };
  const { url, list } = await listPrograms(place, llamaStackUrl);
  for (const program of list) await start(program);
  const running = started.move();
  return {
    url,
    documents,
    memoryOf: (name) => programs.find((program) => program.name === name)?.memoryMiB() ?? 0,
    stop: () => running.disposeAsync(),
  };
}

/** The service first, because the servers ask it. */
async function listPrograms(
  { folder, documents, databaseUrl }: { folder: string; documents: string; databaseUrl: string },
  llamaStackUrl: string | undefined,
): Promise<{ url: string; list: BenchProgramOptions[] }> {
  const [api, ocr, rag, decision] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const url = `http://127.0.0.1:${api}`;
  const token = crypto.randomUUID();
  const mcp = (port: number) => `http://127.0.0.1:${port}/mcp`;
  const claims = { CLAIMS_API_BASE_URL: url, CLAIMS_API_TOKEN: token };
  const server = (name: string, port: number, env: Record<string, string>) => ({
    name: `${name}-mcp`,
    command: [
      ...[process.execPath, join(root, `mcp/${name}/server.ts`)],
      ...["--transport", "http", "--port", `${port}`],
    ],
    env,
    readyUrl: `http://127.0.0.1:${port}/healthz`,
  });
  const service = {
    name: "claims-api",
    command: [process.execPath, join(root, "src/services/claims/main.ts"), "--port", `${api}`],
    env: {
      DATABASE_URL: databaseUrl,
      DOCUMENTS_ROOT: documents,
      INTERNAL_TOKEN: token,
      OCR_SERVER_URL: mcp(ocr),
      RAG_SERVER_URL: mcp(rag),
      DECISION_SERVER_URL: mcp(decision),
      ...(llamaStackUrl !== undefined && { LLAMASTACK_ENDPOINT: llamaStackUrl }),
    },
    readyUrl: `${url}/health/ready`,
  };
  const list = [
    service,
    server("ocr", ocr, { DOCUMENTS_ROOT: documents }),
    server("decision", decision, { ...claims, DECISION_REQUIRE_RUN_ID: "true" }),
    server("rag", rag, { ...claims, RAG_DB: join(folder, "rag.sqlite") }),
  ];
  return { url, list };
}
