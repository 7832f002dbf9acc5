import { expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { openFolder, writeFiles } from "../berth.ts";
import { fixture } from "./gateway.ts";
import { berthProgram, startServe } from "./served.ts";

const mcpServers = { one: { command: process.execPath, args: [fixture] } };

const isHealthy = async (url: string) => (await fetch(`${url}/healthz`)).ok;

test.skipIf(process.platform !== "linux")(
  "a start removes what a killed Berth left, and nothing that is held, young, a link or of another name",
  async () => {
    using folder = openFolder();
    const tmp = join(folder.path, "tmp");
    mkdirSync(tmp);
    const start = () => startServe(folder.path, { mcpServers }, { TMPDIR: tmp });
    const own = () => readdirSync(tmp).filter((name) => name.startsWith("berth-run-"));
    await using running = await start();
    const [held = ""] = own();
    const killed = await start();
    const left = own().find((name) => name !== held) ?? "";
    process.kill(killed.pid, "SIGKILL");
    await killed.exited;
    writeFiles(folder.path, { "elsewhere/kept.txt": "x", [`tmp/${left}/a/b.txt`]: "x" });
    symlinkSync(join(folder.path, "elsewhere"), join(tmp, left, "link-in-it"));
    symlinkSync(join(folder.path, "elsewhere"), join(tmp, "berth-run-link"));
    for (const name of ["berth-run-young", "berth-other", left]) {
      mkdirSync(join(tmp, name), { recursive: true });
    }
    const longAgo = new Date(Date.now() - 3_600_000);
    for (const name of [held, left, "berth-other"]) utimesSync(join(tmp, name), longAgo, longAgo);
    utimesSync(join(folder.path, "elsewhere"), longAgo, longAgo);
    await using next = await start();
    const names = readdirSync(tmp);
    expect({
      left: names.includes(left),
      others: [held, "berth-run-young", "berth-run-link", "berth-other"].filter(
        (name) => !names.includes(name),
      ),
      kept: existsSync(join(folder.path, "elsewhere/kept.txt")),
      alive: [await isHealthy(running.url), await isHealthy(next.url)],
    }).toEqual({ left: false, others: [], kept: true, alive: [true, true] });
  },
  // Three whole starts.
  30_000,
);

test.skipIf(process.platform !== "linux").each([
  [
    "that is not there",
    "nowhere",
    /^Cannot create a folder in ".*\/nowhere": ENOENT\nhint: Set TMPDIR/,
  ],
  [
    "with a long path",
    "x".repeat(100),
    /^Cannot listen at ".*": the name of a socket has 107 bytes at most\nhint: Set TMPDIR/,
  ],
])("a folder for temporary files %s is refused in words", async (_, name, says) => {
  using folder = openFolder();
  if (name !== "nowhere") mkdirSync(join(folder.path, name));
  const child = Bun.spawn([...berthProgram, "serve", folder.path, "--port", "0"], {
    env: { PATH: process.env.PATH ?? "", TMPDIR: join(folder.path, name) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  const left = name === "nowhere" ? [] : readdirSync(join(folder.path, name));
  expect({ stdout, code, left }).toEqual({ stdout: "", code: 2, left: [] });
  expect(stderr).toMatch(says);
});

test("a port that is taken is refused in words, and nothing stays", async () => {
  using folder = openFolder();
  writeFiles(folder.path, { "berth.json": { mcpServers } });
  const taken = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  const { port } = taken;
  const argv = [...berthProgram, "serve", folder.path, "--port", `${port}`];
  const child = Bun.spawn(argv, {
    env: { PATH: process.env.PATH ?? "", TMPDIR: folder.path },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stderr = new Response(child.stderr).text();
  const code = await child.exited;
  await taken.stop(true);
  const words = (await stderr).split("\n").filter((line) => !line.startsWith("{"));
  expect({ code, left: readdirSync(folder.path), words: words.slice(0, 2) }).toEqual({
    code: 1,
    left: ["berth.json"],
    words: [
      `Cannot listen on "127.0.0.1:${port}": EADDRINUSE`,
      "hint: Choose another address with --host and --port; port 0 takes a free one.",
    ],
  });
});
