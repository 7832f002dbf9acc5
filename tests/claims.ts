import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SQL } from "bun";
import type { Agent } from "../src/agent/port.ts";
import type { ToolServer } from "../src/agent/toolServer.ts";
import { createLogger } from "../src/core/log.ts";
import { readSettings } from "../src/core/settings.ts";
import { claimsService } from "../src/services/claims/service.ts";
import { claimsSettings } from "../src/services/claims/settings.ts";
import { startRestService } from "../src/services/rest-program.ts";
import { createTestDatabase } from "./postgres.ts";
import { scriptedAgent } from "./scripted-agent.ts";

/** The tokens of every test's service. */
export const internalToken = "internal-token-of-the-tests";
export const adminToken = "admin-token-of-the-tests";

/** A whole PDF of one page; the comment makes its hash its own. */
export function samplePdf(comment = ""): string {
  return `%PDF-1.4
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >> endobj
% ${comment}
trailer << /Root 1 0 R >>
%%EOF
`;
}

export interface TestAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** Each test knows what it asks for. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape are compared, never computed with.
  json: any;
}

/** The claims service in this process, on a database of its own and reached over HTTP. */
export interface TestClaims {
  url: string;
  databaseUrl: string;
  documents: string;
  sql: SQL;
  send(method: string, path: string, options?: SendOptions): Promise<TestAnswer>;
  /** The id of a sample claim, by the last digits of its number. */
  claimId(number: string): Promise<string>;
  /** Another replica on the same database and documents. */
  startReplica(): Promise<{ url: string; stop(): Promise<void> }>;
  close(): Promise<void>;
}

export interface SendOptions {
  body?: unknown;
  headers?: Record<string, string>;
  token?: string;
}

/** Settings of the service by the names of their variables. */
export type ClaimsEnv = Record<string, string>;

/** Starts the service with the sample rows and a document for each sample claim. */
export async function openTestClaims(
  env: ClaimsEnv = {},
  agentOf: (url: () => string) => Agent = scriptedAgent,
  reader?: ToolServer,
): Promise<TestClaims> {
  const database = await createTestDatabase();
  const documents = mkdtempSync(join(tmpdir(), "berth-documents-"));
  writeSampleDocuments(documents);
  const settings = readSettings(claimsSettings, {
    argv: ["--port", "0"],
    env: {
      DATABASE_URL: database.url,
      DOCUMENTS_ROOT: documents,
      INTERNAL_TOKEN: internalToken,
      ADMIN_TOKEN: adminToken,
      RUN_CONCURRENCY: "4",
      ...env,
    },
  });
  const start = async () => {
    let url = "";
    const log = createLogger("test", "silent");
    const service = claimsService(settings, {
      agent: agentOf(() => url),
      log,
      ...(reader && { reader }),
    });
    const running = await startRestService(service, settings, { log, env: {} });
    url = running.url;
    while (!(await fetch(`${url}/health/ready`)).ok) await Bun.sleep(5);
    return { url, stop: () => running.stop("test") };
  };
  const first = await start();
  const sql = new SQL(database.url, { max: 2 });
  const send = createSend(first.url);
  return {
    url: first.url,
    databaseUrl: database.url,
    documents,
    sql,
    send,
    async claimId(number) {
      const { json } = await send("GET", `/api/v1/claims?include_archived=true&search=${number}`);
      return json.claims[0].id;
    },
    startReplica: start,
    async close() {
      await sql.close();
      await first.stop();
      await database.drop();
      rmSync(documents, { recursive: true, force: true });
    },
  };
}

/** One small PDF for each of the 30 sample claims. */
export function writeSampleDocuments(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (let number = 1; number <= 30; number++) {
    const name = `CLM-2025-${String(number).padStart(4, "0")}`;
    writeFileSync(join(folder, `${name}.pdf`), samplePdf(name));
  }
}

/** Sends requests to a service; objects go as JSON, everything else as it is. */
export function createSend(url: string): TestClaims["send"] {
  return async (method, path, { body, headers, token } = {}) => {
    const isRaw = typeof body === "string" || body instanceof FormData || body instanceof Blob;
    const response = await fetch(url + path, {
      method,
      redirect: "manual",
      headers: {
        ...(body !== undefined && !isRaw && { "content-type": "application/json" }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: isRaw ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "") && text !== "";
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson ? JSON.parse(text) : undefined,
    };
  };
}
