import { expect, test } from "bun:test";
import { dirname, join } from "node:path";
import { openFolder, writeFiles } from "../berth.ts";
import { callTool } from "./calls.ts";
import { fixture, until } from "./gateway.ts";
import { berthProgram, startServe } from "./served.ts";

/** What a server without grants is not let do: start a process. */
const blocked = { call: "vfork", attempt: "start a process", reason: "no program is granted" };

/** The least that a server does. */
const echoing = `process.stdin.on("data", (chunk) => {
  const { id } = JSON.parse(String(chunk).split("\\n")[0]);
  const result = { protocolVersion: "2025-06-18", capabilities: {}, serverInfo: { name: "x", version: "1" } };
  if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, result }) + "\\n");
});`;

const server = (args: readonly string[]) => ({
  command: process.execPath,
  args,
  permissions: { read: [dirname(fixture)] },
});

test.skipIf(process.platform !== "linux")(
  "berth serve logs, shows and counts what a jail has refused, with the reason",
  async () => {
    using folder = openFolder();
    const mcpServers = { one: server([fixture]) };
    await using served = await startServe(folder.path, { mcpServers });
    const child = Number((await callTool(`${served.url}/one/mcp`, "pid")).text);
    await callTool(`${served.url}/one/mcp`, "fork");
    const found = () => served.log.filter(({ msg }) => msg === "blocked");
    await until(() => found().length > 0);
    const told = { kind: "blocked", child, ...blocked };
    expect(found()).toEqual([
      {
        ...{ level: 40, name: "berth", server: "one", ...told, msg: "blocked" },
        ...{ pid: served.pid, time: expect.any(String) },
      },
    ]);
    const events = await (await fetch(`${served.url}/one/events?last=50&follow=false`)).text();
    const shown = events
      .split("\n")
      .filter((line) => line.startsWith("data: "))
      .map((line) => JSON.parse(line.slice("data: ".length)));
    expect(shown.filter(({ kind }) => kind === "blocked")).toEqual([
      { at: expect.any(String), ...told },
    ]);
    const metrics = await (await fetch(`${served.url}/metrics`)).text();
    expect(metrics).toContain('berth_blocked_total{server="one"} 1\n');
  },
);

test.skipIf(process.platform !== "linux")(
  "berth serve tells which host a server was refused, once, beside what its jail has refused",
  async () => {
    using folder = openFolder();
    const source = `
      const said = await Promise.all([1, 2, 3].map(() => fetch("http://metadata.test/").then((answer) => answer.text())));
      console.error(said[2]);
      ${echoing}`;
    writeFiles(folder.path, { "server.js": source });
    const permissions = { read: ["."], net: ["api.test"] };
    const one = { command: process.execPath, args: ["server.js"], permissions };
    await using served = await startServe(folder.path, { mcpServers: { one } });
    const events = async () => {
      const text = await (await fetch(`${served.url}/one/events?last=50&follow=false`)).text();
      const lines = text.split("\n").filter((line) => line.startsWith("data: "));
      return lines.map((line) => JSON.parse(line.slice("data: ".length)));
    };
    await until(async () => (await events()).some(({ kind }) => kind === "ready"));
    const told = (await events()).filter(({ kind }) => kind === "blocked" || kind === "stderr");
    const what = "metadata.test:80";
    const reason = "the host is not granted";
    const common = { at: expect.any(String), child: expect.any(Number) };
    expect(told).toEqual([
      { ...common, kind: "blocked", call: "connect", attempt: `reach ${what}`, reason },
      { ...common, kind: "stderr", line: `Cannot reach "${what}": ${reason}` },
    ]);
  },
);

const refusal = {
  ...{ call: "openat", attempt: 'read "/etc/passwd"', reason: "the path is not granted" },
  ...{ level: 40, kind: "blocked", msg: "blocked" },
};

test.skipIf(process.platform !== "linux").each([
  ["says on stderr what a server was refused, even as the last thing that it does", {}, [refusal]],
  ["leaves reads out when it is told to", { tellReads: false }, []],
])("berth run %s", async (_, config, expected) => {
  using folder = openFolder();
  writeFiles(folder.path, { "berth.json": config });
  // The first is a link into its own folder of /proc, which it may read: nothing is told of it.
  const program = `
    const { readFileSync } = require("node:fs");
    readFileSync("/proc/mounts");
    try { readFileSync("/etc/passwd") } catch { process.exit(3) }`;
  const options = ["--config", join(folder.path, "berth.json")];
  const argv = [...berthProgram, "run", ...options, "--", process.execPath, "-e", program];
  const child = Bun.spawn(argv, { cwd: folder.path, stdio: ["pipe", "pipe", "pipe"] });
  const [stderr, code] = await Promise.all([new Response(child.stderr).text(), child.exited]);
  const lines = stderr.split("\n").filter((line) => line.startsWith("{"));
  // It is started again until it is given up; each child is told of by itself.
  const told = lines.map((line) => JSON.parse(line)).slice(0, 1);
  expect({ code, told }).toEqual({
    code: 1,
    told: expected.map((one) => expect.objectContaining(one)),
  });
});
