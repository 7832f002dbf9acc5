import { afterAll, beforeAll } from "bun:test";
import { SQL } from "bun";
import { readDatabaseAddress } from "../db/address.ts";
import { openDatabase } from "../db/database.ts";
import { migrate } from "../db/migrate.ts";
import { createLogger } from "../src/core/log.ts";
import {
  buildRestApp,
  type RestService,
  type RestSettingValues,
} from "../src/services/rest-program.ts";
import { createTestDatabase } from "./postgres.ts";

/** A REST service on a database of its own with the sample rows, called without a network. */
export interface TestService {
  /** Sends a request; the path is relative, the body is sent as JSON unless it is text. */
  send(method: string, path: string, options?: SendOptions): Promise<TestAnswer>;
  sql: SQL;
  databaseUrl: string;
  close(): Promise<void>;
}

export interface SendOptions {
  body?: unknown;
  headers?: Record<string, string>;
}

export interface TestAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** The parsed body; undefined when it is no JSON. */
  json: unknown;
}

/** Opens a service with the settings that a test is about. */
export async function openTestService(
  service: RestService,
  settings: Partial<Pick<RestSettingValues, "corsOrigins" | "token">> = {},
): Promise<TestService> {
  const testDatabase = await createTestDatabase();
  const address = readDatabaseAddress(testDatabase.url);
  const log = createLogger("test", "silent");
  await migrate(address, service.setup({ seed: true }), log);
  const database = openDatabase(address, { poolSize: 8 });
  const app = buildRestApp(service, {
    database,
    log,
    settings: { corsOrigins: [], token: undefined, ...settings },
  });
  const sql = new SQL(testDatabase.url, { max: 1 });
  return {
    sql,
    databaseUrl: testDatabase.url,
    send: async (method, path, options) =>
      readAnswer(await app.handle(request(method, path, options))),
    async close() {
      await sql.close();
      await database.close();
      await testDatabase.drop();
    },
  };
}

/** Opens a service before the tests of a file and closes it after them. */
export function useTestService(
  service: RestService,
  settings?: Parameters<typeof openTestService>[1],
): Pick<TestService, "send" | "sql"> {
  let opened: TestService | undefined;
  beforeAll(async () => {
    opened = await openTestService(service, settings);
  });
  afterAll(() => opened?.close());
  const open = () => {
    if (!opened) throw new Error("the service is open only while tests run");
    return opened;
  };
  return {
    send: (...args) => open().send(...args),
    get sql() {
      return open().sql;
    },
  };
}

function request(method: string, path: string, { body, headers }: SendOptions = {}): Request {
  const sent = typeof body === "string" || body === undefined ? body : JSON.stringify(body);
  return new Request(`http://localhost${path}`, {
    method,
    headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    ...(sent !== undefined && { body: sent }),
  });
}

async function readAnswer(response: Response): Promise<TestAnswer> {
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson && text !== "" ? JSON.parse(text) : undefined,
  };
}
