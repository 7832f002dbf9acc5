/** `bun run up`: a private PostgreSQL, the services, and Berth with the MCP servers, on real data, until Ctrl-C. */
import { join } from "node:path";
import { AppError } from "../src/core/fault.ts";
import { type Stack, standardPorts, startStack } from "./stack.ts";

const folder = join(import.meta.dir, "..", ".data");
const asked = new Promise<string>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => resolve(signal));
  }
});

const beganMs = performance.now();
try {
  const stack = await Promise.race([startStack(folder, standardPorts), asked]);
  // Asked to stop before everything was up: what has started ends with this process.
  if (typeof stack === "string") process.exit(130);
  printTable(stack, performance.now() - beganMs);
  const parts = [...stack.programs, { name: "PostgreSQL", ended: stack.postgres.ended }];
  const ended = parts.map(async ({ name, ended }) => {
    await ended;
    return `${name} has ended by itself (see .data/)`;
  });
  const reason = await Promise.race([asked, ...ended]);
  console.log(`\n${reason}: stopping`);
  await stack.stop();
  console.log("Stopped; the data stays in .data/.");
  process.exit(reason.startsWith("SIG") ? 0 : 1);
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  console.error(error.message);
  if (error.hint) console.error(`hint: ${error.hint}`);
  process.exit(1);
}

function printTable({ urls, servers, postgres }: Stack, tookMs: number): void {
  const rows = [
    ["customer-api", `${urls.customerApi}/api/customers`, `${urls.customerApi}/swagger-ui.html`],
    ["finance-api", `${urls.financeApi}/api/finance`, `${urls.financeApi}/swagger-ui.html`],
    ["claims-api", `${urls.claimsApi}/api/v1/claims`, `${urls.claimsApi}/docs`],
    ...servers.map((name) => [name, `${urls.berth}/${name}/mcp`, `${urls.berth}/${name}/sse`]),
    ["claims page", `${urls.claimsApi}/`, "review a claim"],
    ["console", `${urls.berth}/console`, "watch the servers, try their tools"],
    ["support chat", `${urls.supportChat}/`, "ask the business"],
    ["all tools", `${urls.berth}/mcp`, `${urls.berth}/readyz tells how each server is`],
    ["PostgreSQL", `127.0.0.1:${postgres.port}`, "fantaco_customer, fantaco_finance, claims_db"],
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  console.log(`Berth is up after ${(tookMs / 1000).toFixed(1)} s; data and logs are in .data/.\n`);
  for (const [name = "", url = "", more = ""] of rows) {
    console.log(`  ${name.padEnd(widths[0] ?? 0)}  ${url.padEnd(widths[1] ?? 0)}  ${more}`);
  }
  console.log("\nTry `bun run demo` in another terminal. Ctrl-C stops everything.");
}
