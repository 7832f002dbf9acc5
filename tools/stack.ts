import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { probePort, startPrivatePostgres } from "../db/private.ts";
import { AppError } from "../src/core/fault.ts";
import { type RunningProgram, startProgram } from "./processes.ts";
import { installBundles } from "./stackBundles.ts";

/** The ports of the programs; see the table in the README. */
export interface StackPorts {
  customerApi: number;
  financeApi: number;
  berth: number;
}

export const standardPorts: StackPorts = { customerApi: 8081, financeApi: 8082, berth: 8080 };

/** Everything that `bun run up` starts. */
export interface Stack {
  programs: RunningProgram[];
  urls: { customerApi: string; financeApi: string; berth: string };
  /** The names of the MCP servers, each a part of its address: `<berth>/<name>/mcp`. */
  servers: string[];
  postgres: { port: number; ended: Promise<unknown>; urlOf(database: string): string };
  stop(): Promise<void>;
}

/** Starts the private PostgreSQL, the services, and Berth with the MCP servers; data and logs are kept in `folder`. */
export async function startStack(folder: string, ports: StackPorts): Promise<Stack> {
  await checkPorts(ports);
  const logs = join(folder, "logs");
  mkdirSync(logs, { recursive: true });
  const urls = {
    customerApi: `http://127.0.0.1:${ports.customerApi}`,
    financeApi: `http://127.0.0.1:${ports.financeApi}`,
    berth: `http://127.0.0.1:${ports.berth}`,
  };
  const bundles = installBundles(folder, {
    CUSTOMER_API_BASE_URL: urls.customerApi,
    FINANCE_API_BASE_URL: urls.financeApi,
  });
  const postgres = await startPrivatePostgres({ folder: join(folder, "postgres") });
  const programs: RunningProgram[] = [];
  const stop = async () => {
    // Servers before services before the database: nobody loses what it still needs for calls in flight.
    await Promise.all(
      programs.filter(({ name }) => name === "berth").map((program) => program.stop()),
    );
    await Promise.all(programs.map((program) => program.stop()));
    await postgres.stop();
  };
  const service = async (domain: "customer" | "finance", url: string) => {
    await postgres.ensureDatabase(`fantaco_${domain}`);
    return startProgram({
      name: `${domain}-api`,
      entry: `src/services/${domain}/main.ts`,
      args: ["--port", new URL(url).port],
      env: { DATABASE_URL: postgres.urlOf(`fantaco_${domain}`) },
      url,
      readyPath: "/actuator/health/readiness",
      logFile: join(logs, `${domain}-api.log`),
    });
  };
  const runtime = async () =>
    startProgram({
      name: "berth",
      entry: "src/edge/main.ts",
      args: ["serve", (await bundles).configFile, "--port", new URL(urls.berth).port],
      url: urls.berth,
      readyPath: "/readyz",
      logFile: join(logs, "berth.log"),
    });
  const starts = [
    service("customer", urls.customerApi),
    service("finance", urls.financeApi),
    runtime(),
  ];
  const settled = await Promise.allSettled(starts);
  for (const outcome of settled) if (outcome.status === "fulfilled") programs.push(outcome.value);
  const failed = settled.find((outcome) => outcome.status === "rejected");
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return { programs, urls, servers: (await bundles).names, postgres, stop };
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
