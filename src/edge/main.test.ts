import { describe, expect, test } from "bun:test";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { berth, openFolder, writeBundle, writeFiles } from "../../tests/berth.ts";
import { version } from "../core/version.ts";

const cwd = "/";

describe("berth", () => {
  test.each<[readonly string[], number, RegExp]>([
    [[], 0, /^Hosts MCP servers[\s\S]*Commands:\n {2}/],
    [["--help"], 0, /^Hosts MCP servers/],
    [["--version"], 0, new RegExp(`^berth ${version}\n$`)],
    [
      ["pack", "--help"],
      0,
      /^Packs a folder[\s\S]*Usage: berth pack <folder> \[options\][\s\S]*Examples:\n {2}berth pack/,
    ],
    [["add", "x", "-h"], 0, /^Verifies a bundle[\s\S]*Examples:\n(?: {2}berth add .*\n){2}$/],
    [["nope"], 2, /^Cannot run "nope": no such command\nhint: The commands are .*pack, add,/],
    [["help", "pack"], 0, /^Packs a folder/],
    [["doctor", "x"], 2, /^Cannot run berth doctor: expected no operand, got "x"\n/],
    [["tail", "x", "--last", "y"], 2, /^Cannot run berth tail: --last is "y"; expected a number\n/],
    [
      ["run", "bun", "x.js", "--y"],
      2,
      /^Cannot run berth run: Unknown option '--y'\nhint: .* after --,/,
    ],
    [["run", "nowhere"], 2, /^Cannot start .* is not there\nhint: Name a server of `berth list`,/],
    [["serve", "--port", "99999"], 2, /^Cannot run berth serve: --port is "99999"; expected 0 to/],
    [["list", "x"], 2, /^Cannot run berth list: expected no operand, got "x"\n/],
    [
      ["pack"],
      2,
      /^Cannot run berth pack: expected <folder>, got 0 operands\nhint: See berth pack --help\.\n$/,
    ],
    [["pack", "--nope"], 2, /^Cannot run berth pack: Unknown option '--nope'/],
    [["pack", "x", "--detached"], 2, /^Cannot run berth pack: --detached is set, --sign is not\n/],
    [["add", "x", "--sha256", "ab"], 2, /^Cannot run berth add: --sha256 is "ab"; expected 64 hex/],
    [["add", "--sha256"], 2, /^Cannot run berth add: Option '--sha256 <value>' argument missing/],
    [
      ["add", "https://example.com/x.mcpb"],
      2,
      /^Cannot add "https:\/\/example.com\/x.mcpb": berth fetches nothing from the network\n/,
    ],
    [["add", "none.mcpb"], 1, /^Cannot read the bundle file "\/none.mcpb": no such file\n/],
    [["info", "none"], 1, /^Cannot show "none": no server, file or folder of that name\n/],
    [["list", "--config", "/none.json"], 2, /^Cannot read "\/none.json": no such file\n/],
  ])("%j ends with %d", async (argv, code, expected) => {
    const answer = await berth(argv, { cwd });
    expect(answer.code).toBe(code);
    expect(code === 0 ? answer.stdout : answer.stderr).toMatch(expected);
    expect(code === 0 ? answer.stderr : answer.stdout).toBe("");
  });
});

test("berth add installs only the file with the digest that is given", async () => {
  using folder = openFolder();
  const at = { cwd: folder.path };
  writeBundle(join(folder.path, "src"));
  const { sha256 } = JSON.parse(
    (await berth(["pack", "src", "--out", "e.mcpb", "--json"], at)).stdout,
  );
  const wrong = await berth(["add", "e.mcpb", "--sha256", "0".repeat(64)], at);
  expect({ code: wrong.code, message: wrong.stderr.split("\n")[0] }).toEqual({
    code: 1,
    message: `Cannot install the bundle: its sha256 is ${sha256}; expected ${"0".repeat(64)}`,
  });
  const right = await berth(["add", "e.mcpb", "--sha256", sha256.toUpperCase(), "--json"], at);
  const contentSha256 = JSON.parse((await berth(["list", "--json"], at)).stdout).servers[0].sha256;
  expect(JSON.parse(right.stdout)).toEqual({
    name: "echo",
    version: "1.2.3",
    folder: join(folder.path, "bundles/echo"),
    sha256: contentSha256,
    archiveSha256: sha256,
    replaced: false,
    signature: { status: "unsigned" },
  });
});

test("berth list shows commands and bundles, and one that is broken hides no other", async () => {
  using folder = openFolder();
  const at = { cwd: folder.path };
  for (const name of ["echo", "other"])
    await berth(["add", writeBundle(join(folder.path, name), { name })], at);
  writeBundle(join(folder.path, "bundles/folder"), { name: "folder" });
  writeFiles(folder.path, {
    "berth.json": { mcpServers: { tool: { command: "x" }, gone: {}, off: { disabled: true } } },
  });
  appendFileSync(join(folder.path, "bundles/other/server/index.js"), " ");
  const table = await berth(["list"], at);
  expect(table).toEqual({
    code: 1,
    stdout: [
      "NAME    KIND     VERSION  STATE",
      "echo    node     1.2.3    ready",
      "folder  node     1.2.3    unpinned",
      "gone    ?        -        broken",
      "off     ?        -        disabled",
      "other   ?        -        broken",
      "tool    command  -        incomplete\n",
    ].join("\n"),
    stderr: [
      `gone: Cannot open the bundle "${join(folder.path, "bundles/gone")}": it holds no manifest.json`,
      `other: Cannot open the bundle "${join(folder.path, "bundles/other")}": it is not what was installed: server/index.js was changed`,
      'tool: Cannot start the server "tool": its command "x" is not there\n',
    ].join("\n"),
  });
  const { servers } = JSON.parse((await berth(["list", "--json"], at)).stdout);
  expect(servers[0]).toEqual({
    name: "echo",
    kind: "node",
    version: "1.2.3",
    state: "ready",
    folder: join(folder.path, "bundles/echo"),
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    problem: null,
  });
});

test("berth list ends with 1 when a server cannot start, and with 0 when it is switched off", async () => {
  using folder = openFolder();
  const list = async (more: object) => {
    writeFiles(folder.path, { "berth.json": { mcpServers: { tool: { command: "x", ...more } } } });
    return (await berth(["list"], { cwd: folder.path })).code;
  };
  expect([await list({}), await list({ disabled: true })]).toEqual([1, 0]);
});
