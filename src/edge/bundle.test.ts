import { describe, expect, test } from "bun:test";
import { openFolder, writeBundle, writeFiles } from "../../tests/berth.ts";
import { bun, bunEnv, server, startBundle } from "../../tests/edge/start-bundle.ts";
import { openBundle } from "./bundle.ts";
import { mapContent } from "./content.ts";
import type { Host } from "./host.ts";
import { revealText } from "./text.ts";

describe("a bundle starts", () => {
  const python = {
    command: "python",
    args: ["${__dirname}/server/main.py"],
    env: { PYTHONPATH: "${__dirname}/server/lib" },
  };
  test.each<[string, Record<string, unknown>, unknown]>([
    [
      "in Berth's own runtime instead of node",
      {},
      { command: [...bun, "FOLDER/server/index.js"], env: bunEnv },
    ],
    [
      "with a path that the specification writes without ${__dirname}",
      server("node", "server/index.js", { command: "node", args: ["server/index.js", "--x"] }),
      { command: [...bun, "FOLDER/server/index.js", "--x"], env: bunEnv },
    ],
    [
      "with its entry point when it names no arguments",
      server("node", "server/index.js", { command: "node" }),
      { command: [...bun, "FOLDER/server/index.js"], env: bunEnv },
    ],
    [
      "with a Python that is there",
      server("python", "server/main.py", python),
      {
        command: ["/usr/bin/python3", "FOLDER/server/main.py"],
        env: { PYTHONPATH: "FOLDER/server/lib", PYTHONDONTWRITEBYTECODE: "1" },
      },
    ],
    [
      "as a program of its own",
      server("binary", "bin/tool", {
        command: "${__dirname}${/}bin${pathSeparator}tool",
        args: ["--home", "${HOME}", "${DESKTOP}"],
      }),
      { command: ["FOLDER/bin/tool", "--home", "/home/ada", "/home/ada/Desktop"], env: {} },
    ],
    [
      "as a script of its own",
      server("binary", "bin/script", { command: "bin/script" }),
      { command: ["FOLDER/bin/script"], env: {} },
    ],
    [
      "with an override's whole env and args",
      server("node", "server/index.js", {
        command: "node",
        args: ["a"],
        env: { A: "1", B: "2" },
        platform_overrides: { linux: { args: ["l"], env: { C: "3" } }, darwin: { args: ["d"] } },
      }),
      { command: [...bun, "l"], env: { C: "3", ...bunEnv } },
    ],
    [
      "with unknown variables as they are",
      server("node", "server/index.js", { command: "node", args: ["${FOO} ${arguments.x}"] }),
      { command: [...bun, "${FOO} ${arguments.x}"], env: bunEnv },
    ],
    [
      "from the oldest form of manifest",
      { manifest_version: undefined, dxt_version: "0.1" },
      { command: [...bun, "FOLDER/server/index.js"], env: bunEnv },
    ],
  ])("%s", (_, manifest, expected) => {
    expect(startBundle(manifest)).toEqual(expected as never);
  });
});

test("the runtime of a bundle reads no .env and fetches no package", () => {
  using folder = openFolder();
  const script = `
    const fetched = await import("left-pad").then(() => true, () => false);
    console.log(JSON.stringify({ fetched, secret: process.env.FROM_DOTENV ?? null }));`;
  const path = writeFiles(writeBundle(folder.path), {
    "server/index.js": script,
    ".env": "FROM_DOTENV=1",
  });
  const { command, env } = openBundle(path);
  const texts = Object.entries(env).map(([name, value]) => [name, revealText(value)]);
  const child = Bun.spawnSync(command.map(revealText), {
    cwd: path,
    env: Object.fromEntries(texts),
  });
  expect(child.stdout.toString()).toBe('{"fetched":false,"secret":null}\n');
});

test.skipIf(Bun.which("python3") === null)(
  "a Python bundle finds its packages and leaves no cache in its folder",
  () => {
    using folder = openFolder();
    const path = writeBundle(
      folder.path,
      server("python", "server/main.py", {
        command: "python",
        args: ["${__dirname}/server/main.py"],
        env: { PYTHONPATH: "${__dirname}/server/lib" },
      }),
    );
    writeFiles(path, {
      "server/main.py": "import thing; print(thing.name)",
      "server/lib/thing.py": "name = 'ada'",
    });
    const before = mapContent(path);
    const { command, env } = openBundle(path);
    const texts = Object.entries(env).map(([name, value]) => [name, revealText(value)]);
    const child = Bun.spawnSync(command.map(revealText), {
      cwd: path,
      env: Object.fromEntries(texts),
    });
    expect(child.stdout.toString()).toBe("ada\n");
    expect(mapContent(path)).toEqual(before);
  },
);

describe("a bundle is refused", () => {
  const cannot = 'Cannot start the bundle "echo": ';
  test.each<[string, Record<string, unknown>, string, Partial<Host>?]>([
    [
      "when its command fetches packages",
      server("node", "server/index.js", { command: "npx", args: ["-y", "x"] }),
      `${cannot}its command is "npx"; expected node or bun for server.type node`,
    ],
    [
      "when its program is not of it",
      server("binary", "bin/tool", { command: "/bin/sh" }),
      `${cannot}"/bin/sh" is outside the bundle`,
    ],
    [
      "when its program climbs out",
      server("binary", "bin/tool", { command: "${__dirname}/../sh" }),
      `${cannot}"FOLDER/../sh" is outside the bundle`,
    ],
    [
      "when its entry point climbs out",
      server("node", "../x.js", { command: "node" }),
      `${cannot}"../x.js" is outside the bundle`,
    ],
    [
      "when its entry point is not there",
      server("node", "none.js", { command: "node" }),
      `${cannot}"none.js" is no file of it`,
    ],
    [
      "when it is for another processor",
      server("binary", "bin/arm", { command: "bin/arm" }),
      `${cannot}"bin/arm" is machine code for linux-arm64, and this is linux-x64`,
    ],
    [
      "when it is for another system",
      { compatibility: { platforms: ["darwin", "win32"] } },
      `${cannot}it is for darwin, win32, and this is linux`,
    ],
    [
      "when there is no Python",
      {
        ...server("python", "server/main.py", { command: "python" }),
        compatibility: { runtimes: { python: ">=3.11" } },
      },
      `${cannot}it needs Python >=3.11, and there is no python on PATH`,
      { whichBinary: () => undefined },
    ],
  ])("%s", (_, manifest, message, on = {}) => {
    expect(startBundle(manifest, {}, on)).toBe(message);
  });
});
