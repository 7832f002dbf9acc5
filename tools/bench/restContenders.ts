import { join } from "node:path";
import { readyBinary } from "./binary.ts";
import { type BenchProgram, startBenchProgram } from "./program.ts";
import { readyPython } from "./python.ts";

/** The two services that are measured. */
export type Domain = "customer" | "finance";
type Urls = Record<Domain, string>;

/** A running contender: where each domain answers, and the process that does. */
export interface StartedRest {
  name: string;
  urls: Urls;
  programs: readonly BenchProgram[];
  programOf(domain: Domain): BenchProgram;
}

export interface RestContender {
  name: string;
  start(databases: Urls, freePort: () => Promise<number>): Promise<StartedRest>;
}

/** The name under which the ratios are taken: the binaries as they ship, a log line for every request included. */
export const ours = "customer-api, finance-api";

const root = join(import.meta.dir, "..", "..");
const peers = join(import.meta.dir, "peers");
const fromSource = (domain: Domain) => [
  process.execPath,
  join(root, `src/services/${domain}/main.ts`),
];

export const restContenders: readonly RestContender[] = [
  services(ours, async (domain) => [await readyBinary(`${domain}-api`)]),
  services("ours from source", async (domain) => fromSource(domain)),
  services("ours, log warn", async (domain) => [
    await readyBinary(`${domain}-api`),
    "--log-level",
    "warn",
  ]),
  onePeer("elysia + postgres.js", async (port, databases) => ({
    command: [
      process.execPath,
      join(peers, "elysia.ts"),
      `${port}`,
      databases.customer,
      databases.finance,
    ],
  })),
  onePeer("fastapi + asyncpg", async (port, databases) => ({
    command: [
      join(await readyPython(), "uvicorn"),
      ...["fastapi_app:app", "--app-dir", peers, "--port", `${port}`, "--workers", "1"],
      ...["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"],
    ],
    env: { CUSTOMER_URL: databases.customer, FINANCE_URL: databases.finance },
  })),
];

/** Our two services: a process each. */
function services(name: string, command: (domain: Domain) => Promise<string[]>): RestContender {
  return {
    name,
    async start(databases, freePort) {
      const start = async (domain: Domain) => {
        const port = await freePort();
        const url = `http://127.0.0.1:${port}`;
        const program = await startBenchProgram({
          name: `${name} (${domain})`,
          command: [...(await command(domain)), "--port", `${port}`],
          env: { DATABASE_URL: databases[domain] },
          side: "measured",
          readyUrl: `${url}/actuator/health/readiness`,
        });
        return { url, program };
      };
      const customer = await start("customer");
      const finance = await start("finance");
      return {
        name,
        urls: { customer: customer.url, finance: finance.url },
        programs: [customer.program, finance.program],
        programOf: (domain) => (domain === "customer" ? customer : finance).program,
      };
    },
  };
}

/** A peer that serves both domains in one process; only one of them is asked at a time. */
function onePeer(
  name: string,
  describe: (
    port: number,
    databases: Urls,
  ) => Promise<{ command: string[]; env?: Record<string, string> }>,
): RestContender {
  return {
    name,
    async start(databases, freePort) {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const program = await startBenchProgram({
        name,
        ...(await describe(port, databases)),
        side: "measured",
        readyUrl: `${url}/api/customers/AROUT`,
      });
      const urls = { customer: url, finance: url };
      return { name, urls, programs: [program], programOf: () => program };
    },
  };
}
