/**
 * A stdio MCP server for tests of the edge, without any library: each tool does one thing that real servers do to the one who hosts
 * them. It ends when it is initialized twice, because the SDK's servers break then.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Message {
  id?: string | number;
  method?: string;
  params?: {
    name?: string;
    arguments?: Arguments;
    cursor?: string;
    _meta?: Record<string, unknown>;
  };
  result?: unknown;
  error?: unknown;
}
interface Arguments {
  text?: string;
  ms?: number;
  bytes?: number;
  code?: number;
  count?: number;
}

const [versionFile = ""] = process.argv.slice(2);
const version = versionFile === "" ? "1" : readFileSync(versionFile, "utf8").trim();
const names =
  "echo pid crash hang spin noise big ask progress stderr env fork hoard meta version picture fail grow swarm fill";
const answers = new Map<string | number, (message: Message) => void>();
let tools = names.split(" ");
let initializeCount = 0;
let lastAsk = 0;
const hoard: Uint8Array[] = [];

if (process.env.FIXTURE_FAIL) {
  process.stderr.write(`${process.env.FIXTURE_FAIL}\n`);
  process.exit(7);
}
process.on("SIGTERM", () => process.env.FIXTURE_STUBBORN || process.exit(0));
if (process.env.FIXTURE_STUBBORN) setInterval(() => undefined, 1000);

for await (const line of console) {
  if (line !== "") receive(JSON.parse(line));
}

function send(message: object): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
}

function receive(message: Message): void {
  const { id, method } = message;
  if (method === undefined) answers.get(id ?? "")?.(message);
  else if (method === "initialize") initialize(id);
  else if (method === "tools/list") list(id, message.params?.cursor);
  else if (method === "tools/call") call(id, message.params);
  else if (id !== undefined && method === "resources/read") send({ id, result: { contents: [] } });
  else if (id !== undefined) send({ id, result: {} });
}

function initialize(id: Message["id"]): void {
  if (++initializeCount > 1) process.exit(9);
  const capabilities = {
    tools: { listChanged: true },
    resources: { subscribe: true },
    logging: {},
  };
  const serverInfo = { name: "fixture", version };
  send({ id, result: { protocolVersion: "2025-06-18", capabilities, serverInfo } });
}

/** Two tools a page when asked to, which clients that ignore `nextCursor` never see the end of. */
function list(id: Message["id"], cursor = "0"): void {
  const start = Number(cursor);
  const end = process.env.FIXTURE_PAGES ? start + 2 : tools.length;
  const page = tools.slice(start, end).map((name) => ({
    name,
    description: `Does ${name}.`,
    inputSchema: { type: "object", properties: { text: { type: "string" } } },
    annotations: { readOnlyHint: ["echo", "pid", "version"].includes(name) },
  }));
  const next = end < tools.length ? { nextCursor: String(end) } : {};
  send({ id, result: { tools: page, ...next } });
}

function call(id: Message["id"], params: Message["params"]): unknown {
  const { name, arguments: args = {}, _meta } = params ?? {};
  const answer = (text: string): void =>
    send({ id, result: { content: [{ type: "text", text }] } });
  switch (name) {
    case "echo":
      if (args.ms) setTimeout(() => answer(args.text ?? ""), args.ms);
      else answer(args.text ?? "");
      return;
    case "pid":
      return answer(String(process.pid));
    case "version":
      return answer(version);
    case "meta":
      return answer(JSON.stringify(_meta ?? {}));
    case "env":
      return answer(JSON.stringify(process.env));
    case "crash":
      process.stderr.write("the disk is on fire\n");
      return process.exit(args.code ?? 3);
    case "hang":
      return;
    case "spin":
      for (;;) Bun.sleepSync(60_000);
    case "noise":
      process.stdout.write(`Debugger attached.\n{"not": "rpc"}\n\u0007\n`);
      return answer("quiet again");
    case "big":
      return answer("x".repeat(args.bytes ?? 0));
    case "stderr":
      process.stderr.write(`${args.text}\n`);
      return answer("logged");
    case "fork":
      return answer(
        String(Bun.spawn(["sleep", "600"], { stdio: ["ignore", "ignore", "ignore"] }).pid),
      );
    case "swarm":
      for (let index = 0; index < (args.count ?? 0); index++)
        Bun.spawn(["sleep", "600"], { stdio: ["ignore", "ignore", "ignore"] });
      // Whoever stops it answers.
      return;
    case "fill":
      writeFileSync(join(tmpdir(), "mine"), new Uint8Array(args.bytes ?? 0));
      writeFileSync(join(tmpdir(), "mine, too"), new Uint8Array(args.bytes ?? 0));
      return answer("there was room");
    case "hoard":
      hoard.push(new Uint8Array(args.bytes ?? 0).fill(1));
      return answer("held");
    case "fail":
      return send({
        id,
        result: { content: [{ type: "text", text: "no such order" }], isError: true },
      });
    case "picture":
      return picture(id);
    case "grow":
      tools = [...tools, "fresh"];
      send({ method: "notifications/tools/list_changed" });
      return answer("grown");
    case "progress":
      return progress(_meta?.progressToken, () => answer("done"));
    case "ask":
      return ask(args.text ?? "", (reply) => answer(JSON.stringify(reply.result ?? reply.error)));
    default:
      send({ id, error: { code: -32602, message: `Unknown tool: ${name}` } });
  }
}

function progress(progressToken: unknown, done: () => void): void {
  for (const progress of [1, 2]) {
    send({ method: "notifications/progress", params: { progressToken, progress, total: 2 } });
  }
  // The SDK's client loses a progress that is read together with the answer.
  setTimeout(done, 20);
}

function ask(message: string, then: (reply: Message) => void): void {
  const id = ++lastAsk;
  answers.set(id, then);
  const requestedSchema = { type: "object", properties: { name: { type: "string" } } };
  send({ id, method: "elicitation/create", params: { message, requestedSchema } });
}

function picture(id: Message["id"]): void {
  const content = [
    { type: "image", mimeType: "image/png", data: "AAAA" },
    { type: "resource_link", name: "Invoice", uri: "file:///invoice.pdf" },
    { type: "text", text: "after" },
  ];
  send({ id, result: { content, structuredContent: { pages: 2 } } });
}
