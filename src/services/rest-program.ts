import type { DatabaseAddress } from "../../db/address.ts";
import { readDatabaseAddress } from "../../db/address.ts";
import { type Database, openDatabase } from "../../db/database.ts";
import { databaseUnavailable } from "../../db/failure.ts";
import { type DatabaseSetup, migrate } from "../../db/migrate.ts";
import { AppError } from "../core/fault.ts";
import type { Logger } from "../core/log.ts";
import type { ProgramContext, Running } from "../core/program.ts";
import type { Secret } from "../core/secret.ts";
import { actuatorOperations } from "./actuator.ts";
import { type ApiDocsPaths, apiDocsOperations } from "./api-docs.ts";
import { describeFailure } from "./failure-log.ts";
import { parseInput } from "./field-errors.ts";
import { readJsonBody } from "./json-body.ts";
import { createRequestMetrics } from "./metrics.ts";
import type { Operation } from "./operation.ts";
import type { AnswerFailure, InputForm } from "./request-life.ts";
import { createRestApp, type RestApp } from "./rest-app.ts";

/** How long the first retry of a start without database waits, in milliseconds; doubled up to the limit. */
const firstRetryMs = 200;
const retryLimitMs = 2_000;

/** What makes one REST service different from the other. */
export interface RestService {
  title: string;
  about: string;
  /** The part of the paths that pages of other origins may call. */
  corsPrefix: string;
  setup(options: { seed: boolean }): DatabaseSetup;
  operations(database: Database): readonly Operation[];
  answerFailure: AnswerFailure;
  /** Where clients expect the documentation beside the usual paths. */
  docs?: ApiDocsPaths;
  /** How requests are read where it is not the usual way. */
  input?: InputForm;
  /** Work beside the requests: started when the database is migrated, before the first query of a request. */
  startBackground?(parts: BackgroundParts): Promise<Background>;
  /** What happens on connections that outlive a request. */
  live?: LiveFront;
}

export interface BackgroundParts {
  database: Database;
  address: DatabaseAddress;
  log: Logger;
}

export interface Background {
  stop(): Promise<void>;
}

/** Connections that outlive a request: WebSockets, and answers that take their time. */
export interface LiveFront {
  /** Takes the request over when it opens a WebSocket: undefined when it did, "pass" when the request is none. */
  accept(request: Request, server: Bun.Server<unknown>): Promise<Response | undefined | "pass">;
  websocket: Bun.WebSocketHandler<unknown>;
  /** True for a request whose answer may be silent for longer than connections usually may. */
  isSlow(url: URL): boolean;
}

/** The parsed settings of `restSettings`. */
export interface RestSettingValues {
  port: number;
  host: string;
  databaseUrl: string;
  databaseUsername: string;
  databasePassword: Secret | undefined;
  poolSize: number;
  seed: boolean;
  corsOrigins: readonly string[];
  token: Secret | undefined;
}

/**
 * Starts a REST service: it listens at once and answers 503 until its database is there and migrated, so that neither
 * of the two has to be started first.
 */
export async function startRestService(
  service: RestService,
  settings: RestSettingValues,
  { log }: ProgramContext,
): Promise<Running & { url: string }> {
  const address = readDatabaseAddress(settings.databaseUrl, {
    username: settings.databaseUsername,
    password: settings.databasePassword,
  });
  const database = openDatabase(address, { poolSize: settings.poolSize });
  const stopping = new AbortController();
  let background: Background | undefined;
  const prepare = async () => {
    await migrate(address, service.setup(settings), log);
    background = await service.startBackground?.({ database, address, log });
  };
  const prepared = untilPrepared(prepare, log, stopping.signal);
  const app = buildRestApp(service, { database: gated(database, prepared), settings, log });
  const server = listen(app, settings, service.live);
  log.info({ url: server.url.origin }, "listening");
  return {
    url: server.url.origin,
    async stop() {
      stopping.abort();
      await background?.stop();
      await server.stop();
      await database.close();
    },
  };
}

/** Everything of a service but its port and its process; tests talk to it directly. */
export function buildRestApp(
  service: RestService,
  parts: {
    database: Database;
    settings: Pick<RestSettingValues, "corsOrigins" | "token">;
    log: Logger;
  },
): RestApp {
  const metrics = createRequestMetrics();
  const operations = service.operations(parts.database);
  const all = [
    ...operations,
    ...actuatorOperations(parts.database, metrics),
    ...apiDocsOperations(service, operations),
  ];
  return createRestApp(all, {
    answerFailure: service.answerFailure,
    log: parts.log,
    metrics,
    cors: { prefix: service.corsPrefix, origins: parts.settings.corsOrigins },
    token: parts.settings.token,
    input: service.input ?? { readBody: readJsonBody, parse: parseInput },
  });
}

function listen(
  app: RestApp,
  { host, port }: RestSettingValues,
  live: LiveFront | undefined,
): Bun.Server<unknown> {
  try {
    // A larger body is refused by the app, which has words for it and does not read on; the server has none.
    const options = {
      hostname: host,
      port,
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
      development: false,
      // Outside development Bun shares a port unless told not to: a second process would take half of the requests.
      reusePort: false,
    };
    if (!live) return Bun.serve<unknown>({ ...options, fetch: app.handle });
    return Bun.serve<unknown>({
      ...options,
      fetch: (request, server) => handleLive(app, live, request, server),
      websocket: live.websocket,
    });
  } catch (cause) {
    throw new AppError("invalid_config", `Cannot listen on ${host}:${port}: ${String(cause)}`, {
      hint: "Choose another --port, or 0 for a free one.",
      cause,
    });
  }
}

async function handleLive(
  app: RestApp,
  live: LiveFront,
  request: Request,
  server: Bun.Server<unknown>,
): Promise<Response | undefined> {
  const accepted = await live.accept(request, server);
  if (accepted !== "pass") return accepted;
  // A bare path is what a client without a Host header leaves; the app can deal with it.
  if (URL.canParse(request.url) && live.isSlow(new URL(request.url))) server.timeout(request, 0);
  return app.handle(request);
}

/** Migrates as soon as the database lets it; a fault of the migration itself is logged and tried again too. */
async function untilPrepared(
  prepare: () => Promise<void>,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  let delayMs = firstRetryMs;
  while (!signal.aborted) {
    try {
      await prepare();
      return;
    } catch (error) {
      log.warn({ failure: describeFailure(error), retryInMs: delayMs }, "database not ready");
    }
    await Bun.sleep(delayMs);
    delayMs = Math.min(delayMs * 2, retryLimitMs);
  }
}

/** The same database, closed to queries until it is prepared. */
function gated(database: Database, prepared: Promise<void>): Database {
  let isPrepared = false;
  void prepared.then(() => {
    isPrepared = true;
  });
  const notYet = () => Promise.reject(databaseUnavailable("its migrations have not run yet"));
  return {
    ...database,
    run: (query) => (isPrepared ? database.run(query) : notYet()),
    transaction: (work) => (isPrepared ? database.transaction(work) : notYet()),
    isReady: async () => isPrepared && database.isReady(),
  };
}
