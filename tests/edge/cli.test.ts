import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFolder, writeBundle, writeFiles } from "../berth.ts";
import { connectHttp, connectStdio } from "../clients.ts";
import { callTool } from "./calls.ts";
import { fixture, isAlive, until } from "./gateway.ts";

const program = join(import.meta.dir, "..", "..", "src", "edge", "main.ts");
const folder = mkdtempSync(join(tmpdir(), "berth-test-"));
writeFileSync(join(folder, "version"), "1");
writeFileSync(
  join(folder, "berth.json"),
  JSON.stringify({
    mode: "best-effort",
    audit: { file: "audit.jsonl" },
    mcpServers: {
      one: {
        command: process.execPath,
        args: [fixture, join(folder, "version")],
        permissions: { read: true },
      },
      off: { command: "nowhere", disabled: true },
    },
  }),
);

writeFileSync(
  join(folder, "stubborn.json"),
  JSON.stringify({
    mode: "best-effort",
    mcpServers: {
      stubborn: {
        command: process.execPath,
        args: [fixture],
        env: { FIXTURE_STUBBORN: "1" },
        permissions: { read: true, run: true },
      },
    },
  }),
);

function spawn(argv: readonly string[], env: Record<string, string> = {}) {
  return Bun.spawn([process.execPath, program, ...argv], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "", ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
}

async function run(argv: readonly string[], env?: Record<string, string>) {
  const child = spawn(argv, env);
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, out, err };
}

let berth: ReturnType<typeof spawn>;
let url = "";
beforeAll(async () => {
  berth = spawn(["serve", "--port", "0"]);
  const { value } = await berth.stdout.getReader().read();
  url = JSON.parse(new TextDecoder().decode(value)).url;
});
afterAll(async () => {
  berth.kill("SIGTERM");
  await berth.exited;
  rmSync(folder, { recursive: true });
});

test("berth serve hosts berth.json, reloads a changed server without a lost call, and audits", async () => {
  await using test = await connectHttp(`${url}/one/mcp`);
  const version = async (): Promise<string> => {
    const { content } = await test.client.callTool({ name: "version" });
    return (content as [{ text: string }])[0].text;
  };
  expect(await version()).toBe("1");
  writeFileSync(join(folder, "version"), "2");
  await until(async () => (await version()) === "2");
  const audit = await Bun.file(join(folder, "audit.jsonl")).text();
  expect(JSON.parse(audit.split("\n")[0] ?? "")).toMatchObject({
    server: "one",
    principal: "anyone",
    target: "version",
    outcome: "ok",
  });
  expect((await fetch(`${url}/off/mcp`)).status).toBe(404);
}, 15_000);

test("berth tail shows what has happened, as words and as JSON", async () => {
  await callTool(`${url}/one/mcp`, "stderr", { text: "warming up" });
  const words = await run(["tail", "one", "--url", url, "--no-follow"]);
  expect([words.code, words.out]).toEqual([
    0,
    expect.stringMatching(/boot .*\n.*ready .*[\s\S]*line=warming up/),
  ]);
  const json = await run(["tail", "one", "--url", url, "--no-follow", "--json", "--last", "1"]);
  expect(JSON.parse(json.out)).toMatchObject({ kind: expect.any(String), at: expect.any(String) });
  expect(await run(["tail", "two", "--url", url])).toMatchObject({
    code: 1,
    err: expect.stringContaining("HTTP 404"),
  });
});

test("berth tail follows calls as they come", async () => {
  const tail = spawn(["tail", "one", "--url", url, "--last", "0", "--json"]);
  const reader = tail.stdout.getReader();
  const first = reader.read();
  const { hit } = { hit: async () => callTool(`${url}/one/mcp`, "echo") };
  const timer = setInterval(hit, 100);
  const { value } = await first;
  clearInterval(timer);
  tail.kill();
  expect(JSON.parse(new TextDecoder().decode(value).split("\n")[0] ?? "")).toMatchObject({
    kind: "call",
    target: "echo",
  });
});

test("berth run serves one command on stdio in its jail, and leaves nothing behind", async () => {
  const argv = [process.execPath, program, "run", "--mode", "best-effort", "--allow-read"];
  const test = await connectStdio([...argv, "--", process.execPath, fixture]);
  const { content } = await test.client.callTool({ name: "pid" });
  const pid = Number((content as [{ text: string }])[0].text);
  expect(await isAlive(pid)).toBe(true);
  await test.client.close();
  await until(async () => !(await isAlive(pid)));
});

test("berth run says why a server does not start, and what is not granted", async () => {
  const failed = await run([
    "run",
    "--mode",
    "best-effort",
    "--allow-read",
    "--",
    process.execPath,
    "-e",
    "process.exit(4)",
  ]);
  expect(failed).toMatchObject({ code: 1, err: expect.stringContaining("it exited with code 4") });
  expect(await run(["run", "--allow-net=http://x", "--", process.execPath, fixture])).toEqual({
    code: 2,
    out: "",
    err: `Cannot read the net entry "http://x": not a host
hint: Write host, host:port, *.suffix, 192.0.2.1:443 or [2001:db8::1]:443, without a scheme.
`,
  });
  const unknown = await run(["run", "no-such-program"]);
  expect(unknown).toMatchObject({ code: 2, err: expect.stringContaining("no-such-program") });
});

test("BERTH_TOKEN is a token that everybody has to send, so that an address that others reach is served", async () => {
  const env = { BERTH_TOKEN: "s3cret" };
  const open = spawn(["serve", "--host", "0.0.0.0", "--port", "0"], env);
  const { value } = await open.stdout.getReader().read();
  const { port } = new URL(JSON.parse(new TextDecoder().decode(value)).url);
  const one = `http://127.0.0.1:${port}/one/mcp`;
  expect((await callTool(one, "echo", { text: "hi" })).status).toBe(401);
  const headers = { authorization: "Bearer s3cret" };
  expect(await callTool(one, "echo", { text: "hi" }, headers)).toMatchObject({ text: "hi" });
  open.kill("SIGTERM");
  await open.exited;
});

test("Ctrl-C, which the terminal sends to the whole group, ends berth serve in order and with 0", async () => {
  const served = Bun.spawn([process.execPath, program, "serve", "--port", "0"], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "" },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, as a shell's job has.
    detached: true,
  });
  await served.stdout.getReader().read();
  process.kill(-served.pid, "SIGINT");
  const log = await new Response(served.stderr).text();
  expect([await served.exited, log.includes("stopping"), log.includes("cannot keep")]).toEqual([
    0,
    true,
    false,
  ]);
});

test("berth run takes the settings of a bundle as flags", async () => {
  using made = openFolder();
  const source = `
    process.stderr.write("SET " + process.argv.slice(2).join(" ") + "\\n");
    process.exit(3);`;
  const option = { type: "string", title: "T", description: "D." };
  const bundle = writeBundle(made.path, {
    server: {
      type: "node",
      entry_point: "server/index.js",
      mcp_config: {
        command: "node",
        args: ["server/index.js", "${user_config.url}", "${user_config.names}"],
      },
    },
    user_config: { url: { ...option, required: true }, names: { ...option, multiple: true } },
  });
  writeFiles(bundle, { "server/index.js": source });
  const set = ["--set", "url=http://x/?a=b", "--set", "names=${env:WHO}", "--set", "names=bob"];
  const said = await run(["run", bundle, ...set], { WHO: "ada" });
  expect([said.code, said.err]).toEqual([1, expect.stringContaining("SET http://x/?a=b ada bob")]);
  expect(await run(["run", bundle])).toMatchObject({
    code: 2,
    err: expect.stringContaining("url (T) not set"),
  });
  expect(await run(["run", bundle, "--set", "url"])).toMatchObject({
    code: 2,
    err: expect.stringContaining('--set is "url"; expected key=value'),
  });
  expect(await run(["run", "--set", "a=b", "--", "bun", "x.js"])).toMatchObject({
    code: 2,
    err: expect.stringContaining('Cannot set "a": "bun" is no bundle'),
  });
});

test("nothing outlives a Berth that is killed without a chance to clean up", async () => {
  const doomed = spawn(["serve", "stubborn.json", "--port", "0"]);
  const { value } = await doomed.stdout.getReader().read();
  const { url: doomedUrl } = JSON.parse(new TextDecoder().decode(value));
  const stubborn = `${doomedUrl}/stubborn/mcp`;
  const pids = [
    (await callTool(stubborn, "pid")).text,
    // Jailed with its parent, but nobody's child once that has died.
    (await callTool(stubborn, "fork")).text,
  ].map(Number);
  expect(await Promise.all(pids.map(isAlive))).toEqual([true, true]);
  doomed.kill("SIGKILL");
  await doomed.exited;
  await until(async () => !(await Promise.all(pids.map(isAlive))).includes(true), 4000);
}, 15_000);

test.each(["serve", "run", "tail", "register"])(
  "berth %s --help ends in examples",
  async (word) => {
    const { code, out } = await run([word, "--help"]);
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(new RegExp(`Examples:\\n  berth ${word}`)),
    ]);
  },
);
