import { describe, expect, test } from "bun:test";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { berth, manifestOf, openFolder, writeBundle, writeFiles } from "../../tests/berth.ts";
import { AppError } from "../core/fault.ts";
import { Secret } from "../core/secret.ts";
import { allPermissions } from "./asks.ts";
import { type OpenOptions, openBundle } from "./bundle.ts";
import { contentHash, mapContent } from "./content.ts";
import type { Host } from "./host.ts";
import { noPermissions } from "./permissions.ts";
import { revealText } from "./text.ts";

const host: Host = {
  platform: "linux",
  arch: "x64",
  runtime: "/opt/berth",
  home: "/home/ada",
  which: (name) => (name === "python3" ? "/usr/bin/python3" : undefined),
};

/** How a bundle with this manifest starts: the command line, the environment, or why it does not. */
function start(
  more: Record<string, unknown>,
  userConfig: OpenOptions["userConfig"] = {},
  on: Partial<Host> = {},
) {
  using folder = openFolder();
  const path = writeBundle(folder.path, more);
  writeFiles(path, {
    "server/main.py": "",
    "bin/tool": elf(62),
    "bin/arm": elf(183),
    "bin/script": "#!/bin/sh\n",
  });
  for (const name of ["tool", "arm", "script"]) chmodSync(join(path, "bin", name), 0o755);
  try {
    const { command, env } = openBundle(path, { userConfig, host: { ...host, ...on } });
    const show = (text: string) => text.replaceAll(path, "FOLDER");
    return {
      command: command.map((part) => show(revealText(part))),
      env: Object.fromEntries(
        Object.entries(env).map(([name, value]) => [name, show(revealText(value))]),
      ),
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.message.replaceAll(path, "FOLDER");
  }
}

/** The first bytes of a Linux program for one machine. */
function elf(machine: number): Uint8Array {
  const head = new Uint8Array(64);
  head.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  head[18] = machine;
  return head;
}

const server = (type: string, entry_point: string, mcp_config: Record<string, unknown>) => ({
  server: { type, entry_point, mcp_config },
});
const bun = ["/opt/berth", "--no-install", "--no-env-file"];
const bunEnv = { BUN_BE_BUN: "1" };
const option = (more: Record<string, unknown>) => ({
  type: "string",
  title: "T",
  description: "D.",
  ...more,
});

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
    expect(start(manifest)).toEqual(expected as never);
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
      { which: () => undefined },
    ],
  ])("%s", (_, manifest, message, on = {}) => {
    expect(start(manifest, {}, on)).toBe(message);
  });
});

describe("user_config", () => {
  const options = {
    key: option({ sensitive: true, required: true }),
    dirs: option({ type: "directory", multiple: true, default: ["${HOME}/a", "${HOME}/b"] }),
    size: option({ type: "number", min: 1, max: 10, default: 5 }),
    loud: option({ type: "boolean", default: false }),
    note: option({}),
    log: option({ type: "file", default: "" }),
  };
  const args = [
    "--dirs",
    "${user_config.dirs}",
    "${user_config.note}",
    "--n=${user_config.note}",
    "${user_config.log}",
  ];
  const env = {
    KEY: "Bearer ${user_config.key}",
    DIRS: "${user_config.dirs}",
    SIZE: "${user_config.size}",
    LOUD: "${user_config.loud}",
    NOTE: "${user_config.note}",
  };
  const manifest = {
    ...server("node", "server/index.js", { command: "node", args, env }),
    user_config: options,
  };

  test("fills defaults in, spreads lists, and leaves out what is not set", () => {
    expect(start(manifest, { key: "k" })).toEqual({
      command: [...bun, "--dirs", "/home/ada/a", "/home/ada/b", "--n="],
      env: {
        KEY: "Bearer k",
        DIRS: "/home/ada/a,/home/ada/b",
        SIZE: "5",
        LOUD: "false",
        ...bunEnv,
      },
    });
  });

  test("takes the operator's values as they are, without filling variables in", () => {
    const values = {
      key: new Secret("${HOME}"),
      dirs: ["/x"],
      size: "7",
      loud: true,
      note: "${HOME}",
      log: "/l",
    };
    expect(start(manifest, values)).toEqual({
      command: [...bun, "--dirs", "/x", "${HOME}", "--n=${HOME}", "/l"],
      env: {
        KEY: "Bearer ${HOME}",
        DIRS: "/x",
        SIZE: "7",
        LOUD: "true",
        NOTE: "${HOME}",
        ...bunEnv,
      },
    });
  });

  test("keeps every text secret that a sensitive value is part of", () => {
    using folder = openFolder();
    const bundle = openBundle(writeBundle(folder.path, manifest), {
      userConfig: { key: "s3cr3t" },
      host,
    });
    expect(JSON.stringify(bundle)).not.toContain("s3cr3t");
    expect(bundle.env.KEY).toBeInstanceOf(Secret);
    expect(revealText(bundle.env.KEY ?? "")).toBe("Bearer s3cr3t");
  });

  const cannot = 'Cannot open the bundle "echo": ';
  test.each<[string, OpenOptions["userConfig"], string]>([
    ["a required option", {}, "key (T) not set"],
    ["an empty required option", { key: "" }, "key (T) not set"],
    ["an unknown option", { key: "k", nope: "x" }, "userConfig.nope is no setting of it"],
    [
      "a number that is too large",
      { key: "k", size: 11 },
      "userConfig.size is 11; expected a number of at least 1 and of at most 10",
    ],
    [
      "a number that is none",
      { key: "k", size: "many" },
      'userConfig.size is "many"; expected a number of at least 1 and of at most 10',
    ],
    [
      "a secret that does not fit, without showing it",
      { key: "k", size: new Secret("many") },
      "userConfig.size is ***; expected a number of at least 1 and of at most 10",
    ],
    [
      "a truth that is none",
      { key: "k", loud: "yes" },
      'userConfig.loud is "yes"; expected true or false',
    ],
    [
      "a relative folder",
      { key: "k", dirs: ["x"] },
      'userConfig.dirs is "x"; expected the absolute path of a directory',
    ],
    [
      "a list for one value",
      { key: "k", note: ["a"] },
      "userConfig.note is a list of 1; expected one string",
    ],
    ["a number for a text", { key: "k", note: 1 }, "userConfig.note is 1; expected a text"],
  ])("refuses %s", (_, values, message) => {
    expect(start(manifest, values)).toBe(cannot + message);
  });

  test("counts a required option as missing when it has nothing but a default", () => {
    const required = {
      user_config: { a: option({ required: true, default: "x" }), b: option({ required: true }) },
    };
    expect(start(required)).toBe(`${cannot}a (T), b (T) not set`);
  });
});

describe("permissions", () => {
  const asking = {
    user_config: {
      url: option({ required: true }),
      other: option({}),
      dir: option({ type: "directory", multiple: true }),
    },
    _meta: {
      "dev.berth": {
        permissions: {
          net: ["${user_config.url}", "${user_config.other}", "*.example:443"],
          read: ["${user_config.dir}", "data"],
          run: true,
          env: { allow: ["LANG"], deny: ["HOME"] },
        },
      },
    },
  };

  test("that a manifest asks for are filled in with what the operator has set", () => {
    using folder = openFolder();
    const path = writeBundle(folder.path, asking);
    const { asks, hasAsks } = openBundle(path, {
      userConfig: { url: "https://api.example/v1", dir: ["/a", "/b"] },
      host,
    });
    expect({ asks, hasAsks }).toEqual({
      asks: {
        ...noPermissions,
        net: { allow: ["api.example:443", "*.example:443"], deny: [] },
        read: { allow: ["/a", "/b", join(path, "data")], deny: [] },
        run: { allow: true, deny: [] },
        env: { allow: ["LANG"], deny: ["HOME"] },
      },
      hasAsks: true,
    });
  });

  test("are everything for a bundle that says nothing, so that the grant alone decides", () => {
    using folder = openFolder();
    const { asks, hasAsks } = openBundle(writeBundle(folder.path), { host });
    expect({ asks, hasAsks }).toEqual({ asks: allPermissions, hasAsks: false });
  });
});

describe("an installed bundle", () => {
  /** Installs the smallest bundle, does something to it, and opens it. */
  async function tamper(change: (folder: string) => void): Promise<string> {
    using folder = openFolder();
    const cwd = folder.path;
    writeFiles(writeBundle(join(cwd, "src")), { "lib/a.js": "a" });
    await berth(["add", "src"], { cwd });
    const installed = join(cwd, "bundles/echo");
    change(installed);
    try {
      const { isPinned, sha256 } = openBundle(installed, { host });
      return `opened, pinned ${isPinned}, ${sha256 === contentHash(mapContent(join(cwd, "src")))}`;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return error.message.replaceAll(cwd, "");
    }
  }

  const cannot = 'Cannot open the bundle "/bundles/echo": it is not what was installed: ';
  test.each<[string, (folder: string) => void, string]>([
    ["untouched is opened", () => undefined, "opened, pinned true, true"],
    [
      "with one changed byte is refused",
      (at) => appendFileSync(join(at, "lib/a.js"), " "),
      `${cannot}lib/a.js was changed`,
    ],
    [
      "with another x-bit is refused",
      (at) => chmodSync(join(at, "lib/a.js"), 0o755),
      `${cannot}lib/a.js was changed`,
    ],
    [
      "with a new file is refused",
      (at) => writeFileSync(join(at, "bunfig.toml"), ""),
      `${cannot}bunfig.toml was added`,
    ],
    [
      "with a file of a strange name is refused",
      (at) => writeFileSync(join(at, "__proto__"), ""),
      `${cannot}__proto__ was changed`,
    ],
    [
      "with a file less is refused",
      (at) => rmSync(join(at, "lib/a.js")),
      `${cannot}lib/a.js was removed`,
    ],
    [
      "with a renamed file is refused",
      (at) => renameSync(join(at, "lib/a.js"), join(at, "lib/b.js")),
      `${cannot}lib/a.js was removed, lib/b.js was added`,
    ],
    [
      "with many new files is refused in few words",
      (at) => writeFiles(at, Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((n) => [`${n}.js`, ""]))),
      `${cannot}1.js was added, 2.js was added, 3.js was added, 4.js was added, 5.js was added and 2 more`,
    ],
    [
      "with another digest in its lock is refused",
      (at) => edit(join(at, "berth.lock.json"), /"sha256": "./, '"sha256": "0'),
      `${cannot}berth.lock.json itself was changed`,
    ],
    [
      "with a link in it is refused",
      (at) => Bun.spawnSync(["ln", "-s", "/", join(at, "root")]),
      'Cannot read the bundle folder "/bundles/echo": "root" is neither a file nor a folder',
    ],
  ])("%s", async (_, change, message) => {
    expect(await tamper(change)).toBe(message);
  });

  test("is replaced as a whole by the next version; what a killed installation left is put right", async () => {
    using folder = openFolder();
    const cwd = folder.path;
    writeFiles(writeBundle(join(cwd, "src")), { "old.js": "" });
    await berth(["add", "src"], { cwd });
    rmSync(join(cwd, "src/old.js"));
    writeFileSync(join(cwd, "src/manifest.json"), JSON.stringify(manifestOf({ version: "2.0.0" })));
    // A process that is gone had moved the old version aside and was about to move the new one in.
    renameSync(join(cwd, "bundles/echo"), join(cwd, "bundles/.berth-old-4194303-00000000-echo"));
    mkdirSync(join(cwd, "bundles/.berth-new-4194303-00000000-echo"));
    expect((await berth(["list"], { cwd })).stdout).toBe(
      "NAME  KIND  VERSION  STATE\necho  node  1.2.3    ready\n",
    );
    expect(JSON.parse((await berth(["add", "src", "--json"], { cwd })).stdout)).toMatchObject({
      version: "2.0.0",
      replaced: true,
    });
    expect(Object.keys(mapContent(join(cwd, "bundles")))).toEqual([
      "echo/berth.lock.json",
      "echo/manifest.json",
      "echo/server/index.js",
    ]);
  });

  test("does not take the place of a folder that somebody else made", async () => {
    using folder = openFolder();
    const cwd = folder.path;
    writeBundle(join(cwd, "src"));
    writeFiles(join(cwd, "bundles/echo"), { "mine.txt": "" });
    const { code, stderr } = await berth(["add", "src"], { cwd });
    expect({
      code,
      stderr: stderr.split("\n")[0],
      kept: readFileSync(join(cwd, "bundles/echo/mine.txt"), "utf8"),
    }).toEqual({
      code: 1,
      stderr: `Cannot install "${join(cwd, "bundles/echo")}": a folder that was not installed by berth is there`,
      kept: "",
    });
  });
});

function edit(file: string, what: RegExp, by: string): void {
  writeFileSync(file, readFileSync(file, "utf8").replace(what, by));
}
