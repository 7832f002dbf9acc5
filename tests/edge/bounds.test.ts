import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openFolder, writeFiles } from "../berth.ts";
import { connectStdio } from "../clients.ts";
import { callTool } from "./calls.ts";
import { fixture, until } from "./gateway.ts";
import { groupSize } from "./jailed.ts";
import { berthProgram, type Served, startServe } from "./served.ts";

const mebibyte = 1024 * 1024;

/** A server of any user's, root's included, for whom the kernel counts no processes. */
const command = (limits: object) => ({
  command: process.execPath,
  args: [fixture],
  permissions: { read: true, run: true },
  limits,
});

describe.skipIf(process.platform !== "linux")("berth serve ends a jailed server", () => {
  const folder = openFolder();
  let served: Served;
  beforeAll(async () => {
    served = await startServe(folder.path, {
      mode: "enforce",
      mcpServers: {
        tasks: command({ taskLimitCount: 100 }),
        memory: command({ memoryLimitBytes: 160 * mebibyte }),
        storage: command({ tempLimitBytes: 4 * mebibyte }),
        roomy: command({}),
      },
    });
  });
  afterAll(async () => {
    await served[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  test.each([
    ["tasks", "swarm", { count: 400 }, /it has \d+ processes and threads; 100 are its limit/],
    ["memory", "hoard", { bytes: 400 * mebibyte }, /it holds \d+ of 167772160 bytes of memory/],
    ["storage", "fill", { bytes: 3 * mebibyte }, /its private folder holds over 4194304 bytes/],
  ])("that takes too much: %s", async (name, tool, args, detail) => {
    const url = `${served.url}/${name}/mcp`;
    const pid = Number((await callTool(url, "pid")).text);
    const answer = await callTool(url, tool, args);
    // It may have answered before anybody looked.
    if (answer.error) expect(answer.error.message).toMatch(detail);
    const exit = () => served.log.find(({ server, msg }) => server === name && msg === "exit");
    await until(() => exit() !== undefined);
    expect(exit()).toMatchObject({
      child: pid,
      reason: name,
      detail: expect.stringMatching(detail),
    });
    expect(served.log).toContainEqual(
      expect.objectContaining({ server: name, msg: "limit", limit: name, child: pid }),
    );
    await until(() => groupSize(pid) === 0);
    const metrics = await (await fetch(`${served.url}/metrics`)).text();
    expect(metrics).toContain(`berth_child_endings_total{server="${name}",reason="${name}"} 1`);
    expect(await callTool(url, "echo", { text: "again" })).toMatchObject({ text: "again" });
  });

  test("and lets one be that has the room", async () => {
    const url = `${served.url}/roomy/mcp`;
    const pid = (await callTool(url, "pid")).text;
    expect(await callTool(url, "fork")).toMatchObject({ status: 200 });
    expect(await callTool(url, "fill", { bytes: 3 * mebibyte })).toMatchObject({
      text: "there was room",
    });
    expect(await callTool(url, "hoard", { bytes: 200 * mebibyte })).toMatchObject({ text: "held" });
    // Until it has been looked at with all that.
    await until(async () => {
      const metrics = await (await fetch(`${served.url}/metrics`)).text();
      const held = /berth_child_memory_bytes\{server="roomy"\} (\d+)/.exec(metrics)?.[1];
      return Number(held) > 200 * mebibyte;
    });
    expect((await callTool(url, "pid")).text).toBe(pid);
  });
});

test.skipIf(process.platform !== "linux")(
  "berth run keeps the limits of berth.json too",
  async () => {
    using folder = openFolder();
    writeFiles(folder.path, {
      "berth.json": { mcpServers: { one: command({ taskLimitCount: 100 }) } },
    });
    const config = join(folder.path, "berth.json");
    await using test = await connectStdio([...berthProgram, "run", "one", "--config", config]);
    const swarm = test.client.callTool({ name: "swarm", arguments: { count: 400 } });
    await expect(swarm).rejects.toThrow(/it has \d+ processes and threads; 100 are its limit/);
    const echo = await test.client.callTool({ name: "echo", arguments: { text: "again" } });
    expect(echo.content).toEqual([{ type: "text", text: "again" }]);
  },
);

test.skipIf(process.platform !== "linux")(
  "berth run gives a call the time that berth.json grants, and goes on after it",
  async () => {
    using folder = openFolder();
    const mcpServers = { one: command({ callLimitMs: 200 }) };
    writeFiles(folder.path, { "berth.json": { mcpServers } });
    const config = ["--config", join(folder.path, "berth.json")];
    await using test = await connectStdio([...berthProgram, "run", "one", ...config]);
    await expect(test.client.callTool({ name: "hang" })).rejects.toThrow("no answer within 200 ms");
    const echo = await test.client.callTool({ name: "echo", arguments: { text: "on" } });
    expect(echo.content).toEqual([{ type: "text", text: "on" }]);
  },
);

test.skipIf(process.platform !== "linux")(
  "berth serve ends with 1 and says why when its socket broker dies",
  async () => {
    using folder = openFolder();
    const served = await startServe(folder.path, { mcpServers: {} });
    process.kill(brokerOf(served.pid), "SIGKILL");
    expect(await served.exited).toBe(1);
    expect(served.log.at(-1)).toMatchObject({
      level: 60,
      reason: "the socket broker has ended with code 137",
      msg: "cannot keep the jails as promised; stopping",
    });
  },
);

test.skipIf(process.platform !== "linux")(
  "berth run ends with 1 and says why when its socket broker dies",
  async () => {
    using folder = openFolder();
    const argv = [...berthProgram, "run", "--allow-read", "--", process.execPath, fixture];
    const child = Bun.spawn(argv, { cwd: folder.path, stdio: ["pipe", "pipe", "pipe"] });
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" })}\n`);
    child.stdin.flush();
    await child.stdout.getReader().read();
    process.kill(brokerOf(child.pid), "SIGKILL");
    const stderr = new Response(child.stderr).text();
    expect({ code: await child.exited, stderr: (await stderr).trim().split("\n").at(-1) }).toEqual({
      code: 1,
      stderr: `Cannot run "${process.execPath}": the socket broker has ended with code 137`,
    });
  },
);

function brokerOf(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  const isBroker = (child: string) =>
    readFileSync(`/proc/${child}/cmdline`, "utf8").includes("\0sockets\0");
  return Number(children.find(isBroker));
}
