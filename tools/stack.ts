import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { probePort, startPrivatePostgres } from "../db/private.ts";
import { AppError } from "../src/core/fault.ts";
import { type RunningProgram, startProgram } from "./processes.ts";

/** The ports of the programs; see the table in the README. */
export interface StackPorts {
  customerApi: number;
  financeApi: number;
  customerMcp: number;
  financeMcp: number;
}

export const standardPorts: StackPorts = {
  customerApi: 8081,
  financeApi: 8082,
  customerMcp: 8001,
  financeMcp: 8002,
};

/** Everything that `bun run up` starts. */
export interface Stack {
  programs: RunningProgram[];
  urls: { customerApi: string; financeApi: string; customerMcp: string; financeMcp: string };
  postgres: { port: number; ended: Promise<unknown>; urlOf(database: string): string };
  stop(): Promise<void>;
}

/** Starts the private PostgreSQL, the services and the MCP servers; data and logs are kept in `folder`. */
export async function startStack(folder: string, ports: StackPorts): Promise<Stack> {
  await checkPorts(ports);
  const logs = join(folder, "logs");
  mkdirSync(logs, { recursive: true });
  const postgres = await startPrivatePostgres({ folder: join(folder, "postgres") });
  const programs: RunningProgram[] = [];
  const stop = async () => {
    // Servers before services before the database: nobody loses what it still needs for calls in flight.
    await Promise.all(
      programs.filter(({ name }) => name.endsWith("-mcp")).map((program) => program.stop()),
    );
    await Promise.all(programs.map((program) => program.stop()));
    await postgres.stop();
  };
  const urls = {
    customerApi: `http://127.0.0.1:${ports.customerApi}`,
    financeApi: `http://127.0.0.1:${ports.financeApi}`,
    customerMcp: `http://127.0.0.1:${ports.customerMcp}`,
    financeMcp: `http://127.0.0.1:${ports.financeMcp}`,
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
  const server = (domain: "customer" | "finance", url: string, rest: string) =>
    startProgram({
      name: `${domain}-mcp`,
      entry: `mcp/${domain}/server.ts`,
      args: ["--transport", "http", "--port", new URL(url).port, `--${domain}-api-base-url`, rest],
      url,
      readyPath: "/health",
      logFile: join(logs, `${domain}-mcp.log`),
    });
  const starts = [
    service("customer", urls.customerApi),
    service("finance", urls.financeApi),
    server("customer", urls.customerMcp, urls.customerApi),
    server("finance", urls.financeMcp, urls.financeApi),
  ];
  const settled = await Promise.allSettled(starts);
  for (const outcome of settled) if (outcome.status === "fulfilled") programs.push(outcome.value);
  const failed = settled.find((outcome) => outcome.status === "rejected");
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return { programs, urls, postgres, stop };
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
