import { describe, expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { berth, openFolder, writeBundle, writeFiles } from "../../tests/berth.ts";
import { Secret } from "../core/secret.ts";
import { type Config, readConfig } from "./config-file.ts";
import { thisHost } from "./host.ts";
import { noPermissions } from "./permissions.ts";
import { listServers, openServer } from "./servers.ts";
import { revealText } from "./text.ts";

/** Reads a berth.json with this text. */
function read(folder: string, value: unknown, env: Record<string, string> = {}): Config {
  writeFileSync(join(folder, "berth.json"), JSON.stringify(value));
  return readConfig({ env, cwd: folder });
}

test("a command is found on PATH, its texts come from the environment and from files, and it may ask for everything", () => {
  using folder = openFolder();
  const { path } = folder;
  writeFiles(path, { "token.txt": "t0ken\n", "tool.sh": "" });
  const config = read(path, {
    mcpServers: {
      here: {
        command: "./tool.sh",
        args: ["--as", "${env:WHO}"],
        env: { TOKEN: { file: "token.txt" }, PLAIN: "p" },
        cwd: "sub",
        type: "stdio",
      },
      node: { command: "node", args: ["x.js"], permissions: { net: ["a.example:443"] } },
    },
  });
  const host = {
    platform: "linux",
    arch: "x64",
    runtime: "/opt/berth",
    home: "/",
    which: () => undefined,
    whichBinary: () => undefined,
  };
  const [here, node] = listServers(config).map((entry) =>
    openServer(entry, config, { env: { WHO: "ada" }, host }),
  );
  expect(here?.command.map(revealText)).toEqual([join(path, "tool.sh"), "--as", "ada"]);
  expect([here?.command[2], here?.env.TOKEN, here?.env.PLAIN]).toEqual([
    expect.any(Secret),
    expect.any(Secret),
    "p",
  ]);
  expect(revealText(here?.env.TOKEN ?? "")).toBe("t0ken");
  expect({ folder: here?.folder, kind: here?.kind, pinned: here?.isPinned }).toEqual({
    folder: join(path, "sub"),
    kind: "command",
    pinned: false,
  });
  // There is no node on this PATH: Berth's own runtime takes its place.
  expect({ command: node?.command, env: node?.env }).toEqual({
    command: ["/opt/berth", "--no-install", "--no-env-file", "x.js"],
    env: { BUN_BE_BUN: "1" },
  });
});

test("a version manager's script is passed over for the interpreter that it would start", () => {
  using folder = openFolder();
  writeFiles(folder.path, { "shim/python3": "#!/bin/sh\n", "shim/tool": "#!/bin/sh\n" });
  const config = read(folder.path, {
    mcpServers: { python: { command: "python3" }, tool: { command: "tool" } },
  });
  const host = {
    ...thisHost(),
    which: (name: string) => join(folder.path, "shim", name),
    whichBinary: () => process.execPath,
  };
  const commands = listServers(config).map(
    (entry) => openServer(entry, config, { env: {}, host }).command,
  );
  expect(commands).toEqual([[process.execPath], [join(folder.path, "shim/tool")]]);
});

test("a bundle may be served twice under two names, with values, arguments and a pin of each", async () => {
  using folder = openFolder();
  const { path } = folder;
  const user_config = { who: { type: "string", title: "Who", description: "D.", required: true } };
  const mcp_config = {
    command: "node",
    args: ["server/index.js"],
    env: { WHO: "${user_config.who}" },
  };
  writeBundle(join(path, "src"), {
    user_config,
    server: { type: "node", entry_point: "server/index.js", mcp_config },
  });
  const { sha256 } = JSON.parse((await berth(["add", "src", "--json"], { cwd: path })).stdout);
  const config = read(path, {
    mcpServers: {
      one: { bundle: "echo", userConfig: { who: "Ada" }, sha256, args: ["--more"] },
      two: { bundle: "./bundles/echo", userConfig: { who: "${env:WHO}" }, env: { MORE: "1" } },
      three: { bundle: "echo", userConfig: { who: "x" }, sha256: "0".repeat(64) },
      gone: { bundle: "gone", disabled: true },
    },
  });
  const open = (name: string) => {
    const entry = listServers(config).find((server) => server.name === name);
    if (entry === undefined) throw new Error(name);
    const { env, isPinned, ...bundle } = openServer(entry, config, { env: { WHO: "Bob" } });
    return {
      name: bundle.name,
      who: revealText(env.WHO ?? ""),
      more: env.MORE,
      last: bundle.command.at(-1),
      isPinned,
    };
  };
  const entry = join(path, "bundles/echo/server/index.js");
  expect(listServers(config).map(({ name }) => name)).toEqual(["gone", "one", "three", "two"]);
  expect([open("one"), open("two")]).toEqual([
    { name: "one", who: "Ada", more: undefined, last: "--more", isPinned: true },
    { name: "two", who: "Bob", more: "1", last: entry, isPinned: true },
  ]);
  expect(() => open("three")).toThrow(
    `Cannot open the bundle "echo": its content is ${sha256}; berth.json pins ${"0".repeat(64)}`,
  );
});

test("where a signature is required, an installed bundle is opened while its signer is trusted", async () => {
  using folder = openFolder();
  const { path } = folder;
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const key = publicKey.export({ type: "spki", format: "pem" }).toString();
  writeFiles(path, { "key.pem": privateKey.export({ type: "pkcs8", format: "pem" }) });
  await berth(["pack", writeBundle(join(path, "src")), "--out", "e.mcpb", "--sign", "key.pem"], {
    cwd: path,
  });
  const trusting = { requireSignature: true, trustedKeys: [{ name: "Ada", key }] };
  const config = read(path, trusting);
  await berth(["add", "e.mcpb"], { cwd: path });
  expect(open(config)).toEqual([
    expect.objectContaining({ name: "echo", signedBy: "Ada", isPinned: true }),
  ]);
  expect(() => open({ ...config, trustedKeys: [] })).toThrow(
    'Cannot open the bundle "echo": its signer "Ada" is not in trustedKeys',
  );
  rmSync(join(path, "bundles/echo/berth.lock.json"));
  expect(() => open(config)).toThrow('Cannot open the bundle "echo": no trusted key has signed it');
});

test("an installed bundle that no entry names is listed, with no grant", async () => {
  using folder = openFolder();
  const { path } = folder;
  await berth(["add", writeBundle(join(path, "src"))], { cwd: path });
  const config = read(path, {});
  expect(listServers(config)).toEqual([
    { name: "echo", config: {}, folder: join(path, "bundles/echo") },
  ]);
  expect(config.mcpServers.echo?.permissions ?? noPermissions).toEqual(noPermissions);
});

/** Opens the only server. */
function open(config: Config): unknown {
  return listServers(config).map((entry) => openServer(entry, config, { env: {} }));
}

describe("a text of berth.json that does not resolve names its path:", () => {
  test.each<[unknown, string]>([
    [
      { env: { A: "${env:NOPE}" } },
      "Cannot resolve mcpServers.one.env.A: the environment variable NOPE is not set",
    ],
    [
      { args: ["x", { file: "/nope" }] },
      'Cannot resolve mcpServers.one.args[1]: the file "/nope" is not readable',
    ],
    [
      { command: "no-such-program" },
      'Cannot start the server "one": its command "no-such-program" is not there',
    ],
  ])("%j", (server, message) => {
    using folder = openFolder();
    const config = read(folder.path, {
      mcpServers: { one: { command: "node", ...(server as object) } },
    });
    expect(() => open(config)).toThrow(message);
  });

  test("a bundle that is not installed", () => {
    using folder = openFolder();
    const config = read(folder.path, { mcpServers: { one: { bundle: "gone" } } });
    expect(() => open(config)).toThrow(
      `Cannot open mcpServers.one: no bundle "gone" in "${join(folder.path, "bundles")}"`,
    );
  });
});
