import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, runListening, type TestProgram } from "../../tests/program.ts";
import { freePorts, type Stack, startStack } from "../stack.ts";

/** The bearer token of the servers that ask for one. */
export const serverToken = "interop-token";
/** How long the slow server's service takes for each answer, in milliseconds: beyond what a busy machine adds by itself. */
const slowMs = 8_000;

/** How a Llama Stack reaches our servers. */
export type Way = "directly" | "through berth";

/** The addresses of one way, each with /mcp. */
export interface Servers {
  customer: string;
  finance: string;
  /** Asks for `serverToken`. */
  guarded: string;
  /** Its service takes `slowMs`. */
  slow: string;
}

/** Everything of ours that the Llama Stacks call: compiled servers on the real services. */
export interface World {
  servers: Readonly<Record<Way, Servers>>;
  /** The gateway's own address. */
  berth: string;
  /** Its configuration, for `berth register`. */
  berthConfig: string;
  /** Ends the customer server, or its child, and starts it again at the same address. */
  restart(way: Way): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the services on a private PostgreSQL, the built servers over HTTP, and the built berth with their bundles. */
export async function openWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "berth-interop-world-"));
  const stack = await startStack(folder, await freePorts());
  const slow = startSlowProxy(stack.urls.customerApi);
  const direct = await startDirect(stack, slow.url);
  const berth = await startBerth(folder, stack, slow.url);
  return {
    servers: { directly: direct.servers, "through berth": berth.servers },
    berth: berth.url,
    berthConfig: berth.configFile,
    restart: (way) => (way === "directly" ? direct.restart() : berth.restart()),
    stop: async () => {
      await Promise.all([direct.stop(), berth.stop()]);
      await slow.stop();
      await stack.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The built binaries, each listening for itself. */
async function startDirect({ urls }: Stack, slowUrl: string) {
  const start = (unit: string, service: string, env: Record<string, string> = {}, port = 0) => {
    const flag = unit === "customer-mcp" ? "--customer-api-base-url" : "--finance-api-base-url";
    const args = ["--transport", "http", "--port", String(port), flag, service];
    return runListening([join(root, "dist", unit), ...args], env);
  };
  let customer = await start("customer-mcp", urls.customerApi);
  const others = await Promise.all([
    start("finance-mcp", urls.financeApi),
    start("customer-mcp", urls.customerApi, { MCP_TOKEN: serverToken }),
    start("customer-mcp", slowUrl),
  ]);
  const [finance, guarded, slow] = others.map(({ url }) => `${url}/mcp`);
  const port = Number(new URL(customer.url).port);
  return {
    servers: {
      customer: `${customer.url}/mcp`,
      finance: finance ?? "",
      guarded: guarded ?? "",
      slow: slow ?? "",
    },
    restart: async () => {
      await customer[Symbol.asyncDispose]();
      customer = await start("customer-mcp", urls.customerApi, {}, port);
    },
    stop: () => stopAll([customer, ...others]),
  };
}

/** The built runtime with the bundles that the stack has installed; a second one asks for a token. */
async function startBerth(folder: string, { urls }: Stack, slowUrl: string) {
  const serve = (configFile: string) =>
    runListening([join(root, "dist", "berth"), "serve", configFile, "--port", "0"]);
  const customerAt = (url: string) => ({
    bundle: "customer-mcp",
    userConfig: { customer_api_base_url: url },
    permissions: { net: [new URL(url).host] },
  });
  const finance = {
    bundle: "finance-mcp",
    userConfig: { finance_api_base_url: urls.financeApi },
    permissions: { net: [new URL(urls.financeApi).host] },
  };
  const customer = customerAt(urls.customerApi);
  const configFile = join(folder, "interop.json");
  const common = { bundles: "bundles", mode: "best-effort" };
  const mcpServers = {
    "customer-mcp": customer,
    "finance-mcp": finance,
    slow: customerAt(slowUrl),
  };
  writeFileSync(configFile, JSON.stringify({ ...common, mcpServers }));
  const guardedFile = join(folder, "guarded.json");
  const auth = { tokens: [{ name: "llama-stack", token: serverToken }] };
  writeFileSync(guardedFile, JSON.stringify({ ...common, mcpServers: { customer }, auth }));
  const [open, guarded] = await Promise.all([serve(configFile), serve(guardedFile)]);
  return {
    url: open.url,
    configFile,
    servers: {
      customer: `${open.url}/customer-mcp/mcp`,
      finance: `${open.url}/finance-mcp/mcp`,
      guarded: `${guarded.url}/customer/mcp`,
      slow: `${open.url}/slow/mcp`,
    },
    // A child that was killed is what a restarted server is behind a gateway.
    restart: () => killChild(open),
    stop: () => stopAll([open, guarded]),
  };
}

/** Kills the newest child of the customer server, as its log names it. */
async function killChild(berth: TestProgram): Promise<void> {
  const boots = [...berth.log().matchAll(/"server":"customer-mcp","kind":"boot","child":(\d+)/g)];
  process.kill(Number(boots.at(-1)?.[1]), "SIGKILL");
}

async function stopAll(programs: readonly TestProgram[]): Promise<void> {
  await Promise.all(programs.map((program) => program[Symbol.asyncDispose]()));
}

/** A service at the network's far end: the real one, behind a slow line. */
function startSlowProxy(target: string): { url: string; stop(): Promise<void> } {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    fetch: async (request) => {
      const { pathname, search } = new URL(request.url);
      if (pathname.startsWith("/api/")) await Bun.sleep(slowMs);
      return fetch(`${target}${pathname}${search}`);
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) };
}
