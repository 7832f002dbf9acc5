import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../db/private.ts";
import { benchFolder, compilePeer, readyBinary } from "./binary.ts";
import { checkEcho, echoRequest, openClient } from "./gatewayCalls.ts";
import { gatewayCommand } from "./gatewayPeers.ts";
import type { Target } from "./measure.ts";
import { startBenchProgram } from "./program.ts";

/** The same echo tool behind one of the gateways, or on its own HTTP. */
export interface Contender {
  name: string;
  command(port: number): Promise<string[]> | string[];
  /** Where it is called; "/mcp" when absent. */
  path?: string;
  /** Answers once it serves; the path above when absent. */
  readyPath?: string;
  hasSession?: boolean;
  kind: "ours" | "gateway" | "sdk" | "in-process";
}

/** The names under which the ratios are taken. */
export const ours = "berth";
export const inProcess = "in-process";

/** Berth as it is delivered: the binary, a jail in mode enforce, one child that is granted nothing. */
const berth = (isFull: boolean): Contender["command"] => {
  return async (port) => {
    const folder = join(benchFolder, isFull ? "berth-full" : "berth");
    mkdirSync(folder, { recursive: true });
    const config = {
      mode: "enforce",
      mcpServers: { echo: { command: await compilePeer("echo") } },
      ...(isFull && { audit: { file: "audit.jsonl" } }),
    };
    const file = join(folder, "berth.json");
    writeFileSync(file, JSON.stringify(config));
    return [await readyBinary("berth"), "serve", file, "--port", `${port}`];
  };
};

const supergateway = (...mode: string[]): Contender["command"] => {
  return async (port) => [
    ...gatewayCommand("supergateway"),
    ...["--stdio", await compilePeer("echo"), "--port", `${port}`, "--logLevel", "none"],
    ...["--outputTransport", "streamableHttp", "--healthEndpoint", "/healthz", ...mode],
  ];
};

const mcpProxy = (...mode: string[]): Contender["command"] => {
  return async (port) => [
    ...gatewayCommand("mcp-proxy"),
    ...["--host", "127.0.0.1", "--port", `${port}`, "--server", "stream", ...mode],
    ...["--", await compilePeer("echo")],
  ];
};

const sdk = (mode: string): Contender["command"] => {
  const file = join(import.meta.dir, "peers", "echoSdk.ts");
  return (port) => [process.execPath, file, `${port}`, mode];
};

export const contenders: readonly Contender[] = [
  { name: ours, kind: "ours", command: berth(false), path: "/echo/mcp", readyPath: "/readyz" },
  {
    name: "berth session",
    kind: "ours",
    command: berth(false),
    path: "/echo/mcp",
    readyPath: "/readyz",
    hasSession: true,
  },
  {
    name: "berth with audit",
    kind: "ours",
    command: berth(true),
    path: "/echo/mcp",
    readyPath: "/readyz",
  },
  {
    name: inProcess,
    kind: "in-process",
    command: async (port) => [
      await compilePeer("echo"),
      "--transport",
      "http",
      "--port",
      `${port}`,
    ],
  },
  {
    name: "supergateway stateful",
    kind: "gateway",
    command: supergateway("--stateful"),
    readyPath: "/healthz",
    hasSession: true,
  },
  {
    name: "supergateway stateless",
    kind: "gateway",
    command: supergateway(),
    readyPath: "/healthz",
  },
  { name: "mcp-proxy session", kind: "gateway", command: mcpProxy(), hasSession: true },
  { name: "mcp-proxy stateless", kind: "gateway", command: mcpProxy("--stateless") },
  { name: "sdk http session", kind: "sdk", command: sdk("session"), hasSession: true },
  { name: "sdk http stateless", kind: "sdk", command: sdk("stateless") },
];

/** Starts a contender and, where it wants one, opens a session for all connections. */
export async function startContender(contender: Contender): Promise<Target> {
  const { name, path = "/mcp", readyPath = path } = contender;
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const program = await startBenchProgram({
    name,
    command: await contender.command(port),
    side: "measured",
    readyUrl: origin + readyPath,
  });
  const url = origin + path;
  const session = contender.hasSession ? await openClient(url) : {};
  const request = echoRequest(url, "unique", session);
  return { name, task: "echo", program, request, check: checkEcho };
}
