import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { freePort, type PrivatePostgres, probePort, startPrivatePostgres } from "../db/private.ts";
import { AppError } from "../src/core/fault.ts";
import { type RunningProgram, startProgram } from "./processes.ts";
import { installBundles } from "./stackBundles.ts";
import { writeSamples } from "./stackDocuments.ts";

/** The ports of the programs; see the table in the README. */
export interface StackPorts {
  customerApi: number;
  financeApi: number;
  claimsApi: number;
  berth: number;
  supportChat: number;
}

export const standardPorts: StackPorts = {
  customerApi: 8081,
  financeApi: 8082,
  claimsApi: 8000,
  berth: 8080,
  supportChat: 3000,
};

/** Ports that nothing listens on, for a stack beside others. */
export async function freePorts(): Promise<StackPorts> {
  return {
    customerApi: await freePort(),
    financeApi: await freePort(),
    claimsApi: await freePort(),
    berth: await freePort(),
    supportChat: await freePort(),
  };
}

/** The addresses of the programs, without a path. */
export type StackUrls = Readonly<Record<keyof StackPorts, string>>;

/** Everything that `bun run up` starts. */
export interface Stack {
  programs: RunningProgram[];
  urls: StackUrls;
  /** The names of the MCP servers, each a part of its address: `<berth>/<name>/mcp`. */
  servers: string[];
  postgres: PrivatePostgres;
  stop(): Promise<void>;
}

/** Where each service keeps its data, and what it is told beside that. */
const services = [
  { domain: "customer", database: "fantaco_customer", readyPath: "/actuator/health/readiness" },
  { domain: "finance", database: "fantaco_finance", readyPath: "/actuator/health/readiness" },
  { domain: "claims", database: "claims_db", readyPath: "/health/ready" },
] as const;

/** Starts the private PostgreSQL, the services, and Berth with the MCP servers; data and logs are kept in `folder`. */
export async function startStack(
  folder: string,
  ports: StackPorts,
  /** What the claims service is told beside the usual, for example where a Llama Stack is. */
  claimsEnv: Readonly<Record<string, string>> = {},
): Promise<Stack> {
  await checkPorts(ports);
  const logs = join(folder, "logs");
  mkdirSync(logs, { recursive: true });
  const urls = urlsOf(ports);
  const claims = claimsParts(folder, urls);
  const [postgres, bundles] = await Promise.all([
    startPrivatePostgres({ folder: join(folder, "postgres") }),
    installBundles(folder, {
      CUSTOMER_API_BASE_URL: urls.customerApi,
      FINANCE_API_BASE_URL: urls.financeApi,
      ...claims.serverEnv,
    }),
    writeSamples(claims.documents),
  ]);
  const runtime = startProgram({
    name: "berth",
    entry: "src/edge/main.ts",
    args: ["serve", bundles.configFile, "--port", String(ports.berth)],
    env: claims.runtimeEnv,
    url: urls.berth,
    readyPath: "/readyz",
    logFile: join(logs, "berth.log"),
  });
  const starts = services.map(async ({ domain, database, readyPath }) => {
    const name = `${domain}-api`;
    const url = urls[`${domain}Api`];
    await postgres.ensureDatabase(database);
    return startProgram({
      name,
      entry: `src/services/${domain}/main.ts`,
      args: ["--port", new URL(url).port],
      env: {
        DATABASE_URL: postgres.urlOf(database),
        ...(domain === "claims" && { ...claims.serviceEnv, ...claimsEnv }),
      },
      url,
      readyPath,
      logFile: join(logs, `${name}.log`),
    });
  });
  const programs = await allOrNone([...starts, runtime, startChat(folder, urls)], postgres);
  const stop = () => stopAll(programs, postgres);
  return { programs, urls, servers: bundles.names, postgres, stop };
}

/** The support agents' page over the servers that Berth hosts; with a model where the environment names one. */
function startChat(folder: string, urls: StackUrls): Promise<RunningProgram> {
  return startProgram({
    name: "support-chat",
    entry: "src/services/support-chat/main.ts",
    args: ["--port", new URL(urls.supportChat).port],
    env: {
      CUSTOMER_MCP_SERVER_URL: `${urls.berth}/customer-mcp/mcp`,
      FINANCE_MCP_SERVER_URL: `${urls.berth}/finance-mcp/mcp`,
      CHAT_DB: join(folder, "support-chat.db"),
    },
    url: urls.supportChat,
    readyPath: "/health",
    logFile: join(folder, "logs", "support-chat.log"),
  });
}

/** The programs once all are ready; when one does not become so, the others are stopped and its fault is thrown. */
async function allOrNone(
  starts: readonly Promise<RunningProgram>[],
  postgres: PrivatePostgres,
): Promise<RunningProgram[]> {
  const settled = await Promise.allSettled(starts);
  const programs = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failed = settled.find((outcome) => outcome.status === "rejected");
  if (failed === undefined) return programs;
  await stopAll(programs, postgres);
  throw failed.reason;
}

/** Claims in flight before their servers, those before the services, the database last: nobody loses what it still needs. */
async function stopAll(programs: readonly RunningProgram[], postgres: PrivatePostgres) {
  for (const name of ["claims-api", "berth"]) {
    await programs.find((program) => program.name === name)?.stop();
  }
  await Promise.all(programs.map((program) => program.stop()));
  await postgres.stop();
}

/** What the claims service and its servers are told; they know each other by a token of this run. */
function claimsParts(folder: string, urls: StackUrls) {
  const token = randomBytes(24).toString("base64url");
  const documents = join(folder, "documents");
  const index = join(folder, "rag");
  mkdirSync(index, { recursive: true });
  return {
    documents,
    runtimeEnv: { CLAIMS_API_TOKEN: token },
    serverEnv: {
      CLAIMS_API_BASE_URL: urls.claimsApi,
      // Read by Berth from its own environment, so that berth.json holds no secret.
      CLAIMS_API_TOKEN: fromEnvironment("CLAIMS_API_TOKEN"),
      DOCUMENTS_ROOT: documents,
      RAG_DB: `${index}/`,
      // The servers are open to whoever reaches the port: a decision is made by a run of the service and by nobody else.
      DECISION_REQUIRE_RUN_ID: "true",
    },
    serviceEnv: {
      INTERNAL_TOKEN: token,
      ENVIRONMENT: "development",
      DOCUMENTS_ROOT: documents,
      OCR_SERVER_URL: `${urls.berth}/ocr-mcp/mcp`,
      RAG_SERVER_URL: `${urls.berth}/rag-mcp/mcp`,
      DECISION_SERVER_URL: `${urls.berth}/decision-mcp/mcp`,
    },
  };
}

/** The text of berth.json that stands for a variable. */
function fromEnvironment(name: string): string {
  return `\${env:${name}}`;
}

function urlsOf(ports: StackPorts): StackUrls {
  const urls = Object.entries(ports).map(([unit, port]) => [unit, `http://127.0.0.1:${port}`]);
  // One address under each key of `ports`.
  return Object.fromEntries(urls) as StackUrls;
}

/** Whatever listens on a port of ours would be taken for ours. */
async function checkPorts(ports: StackPorts): Promise<void> {
  for (const [unit, port] of Object.entries(ports)) {
    await probePort(port).catch((cause: unknown) => {
      const name = unit.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);
      throw new AppError("conflict", `Cannot start ${name}: port ${port} is in use`, {
        hint: "Stop what listens there; it may be another `bun run up`.",
        cause,
      });
    });
  }
}
