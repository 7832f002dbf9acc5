import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openBundle } from "../src/edge/bundle.ts";
import { thisHost } from "../src/edge/host.ts";
import { revealText } from "../src/edge/text.ts";
import { connectStdio } from "./clients.ts";
import { root, runToEnd } from "./program.ts";

const dist = join(root, "dist");
const berth = join(dist, "berth");
const mcpb = [process.execPath, "--bun", join(root, "node_modules/.bin/mcpb")];
/** Nothing below a bundle may reach for what happens to lie above it. */
const folder = mkdtempSync(join(tmpdir(), "berth-bundles-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A bundle is JavaScript and data, language data and WebAssembly at most, without a runtime of 90 MB. */
const bundleBytesLimit = 10_000_000;

const files = readdirSync(dist).filter((file) => file.endsWith(".mcpb"));

describe.each(files)("dist/%s", (file) => {
  test("is a few MB and accepted by Claude Desktop's validator", async () => {
    const unpacked = join(folder, `${file}.unpacked`);
    expect((await runToEnd([...mcpb, "unpack", join(dist, file), unpacked])).code).toBe(0);
    const { code, stdout } = await runToEnd([...mcpb, "validate", unpacked]);
    expect({ code, stdout: stdout.trim() }).toEqual({
      code: 0,
      stdout: "Manifest schema validation passes!",
    });
    expect(statSync(join(dist, file)).size).toBeLessThan(bundleBytesLimit);
  });

  test("is installed by the berth binary, and runs in it with the same tools as the server's own binary", async () => {
    const added = await runToEnd([
      berth,
      "add",
      join(dist, file),
      "--bundles",
      join(folder, "bundles"),
      "--json",
    ]);
    expect({ code: added.code, stderr: added.stderr }).toEqual({ code: 0, stderr: "" });
    const { name, folder: installed } = JSON.parse(added.stdout);
    const options = requiredOptions(installed);
    const bundle = openBundle(installed, {
      userConfig: options,
      host: { ...thisHost(), runtime: berth },
    });
    const env = Object.entries(bundle.env).map(([key, value]) => `${key}=${revealText(value)}`);
    await using ours = await connectStdio(["env", "-i", ...env, ...bundle.command.map(revealText)]);
    const flags = Object.entries(options).map(([key, value]) => `${key.toUpperCase()}=${value}`);
    await using binary = await connectStdio(["env", "-i", ...flags, join(dist, name)]);
    expect(await ours.client.listTools()).toEqual(await binary.client.listTools());
    // What ran left its pinned content as it was.
    expect(openBundle(installed, { userConfig: options }).isPinned).toBe(true);
  });
});

test("a bundle of somebody else's server, packed by mcpb, gets the folders that the operator sets", async () => {
  const source = join(folder, "filesystem");
  const entry = join(root, "node_modules/@modelcontextprotocol/server-filesystem/dist/index.js");
  await runToEnd([
    process.execPath,
    "build",
    "--target=node",
    entry,
    "--outfile",
    join(source, "server/index.js"),
  ]);
  writeFileSync(join(source, "manifest.json"), JSON.stringify(filesystemManifest));
  expect((await runToEnd([...mcpb, "pack", source, join(folder, "filesystem.mcpb")])).code).toBe(0);
  const added = await runToEnd([
    berth,
    "add",
    join(folder, "filesystem.mcpb"),
    "--bundles",
    join(folder, "bundles"),
    "--json",
  ]);
  const userConfig = { allowed_directories: [source, join(folder, "bundles")] };
  const bundle = openBundle(JSON.parse(added.stdout).folder, {
    userConfig,
    host: { ...thisHost(), runtime: berth },
  });
  await using server = await connectStdio([
    "env",
    "-i",
    "BUN_BE_BUN=1",
    ...bundle.command.map(revealText),
  ]);
  const result = await server.client.callTool({ name: "list_allowed_directories", arguments: {} });
  expect(result.content).toEqual([
    { type: "text", text: `Allowed directories:\n${userConfig.allowed_directories.join("\n")}` },
  ]);
});

/** As published filesystem bundles write it. */
const filesystemManifest = {
  manifest_version: "0.2",
  name: "Filesystem",
  version: "1.0.0",
  description: "Files.",
  author: { name: "Ada" },
  server: {
    type: "node",
    entry_point: "server/index.js",
    mcp_config: {
      command: "node",
      args: ["${__dirname}/server/index.js", "${user_config.allowed_directories}"],
    },
  },
  user_config: {
    allowed_directories: {
      type: "directory",
      title: "Folders",
      description: "What it may use.",
      multiple: true,
      required: true,
      default: ["${HOME}/Desktop"],
    },
  },
};

test("the berth binary is one program with commands", async () => {
  const told = await runToEnd([berth, "--version"]);
  const refused = await runToEnd([berth, "nope"]);
  expect({ told: told.stdout, code: refused.code, out: refused.stdout }).toEqual({
    told: `berth ${JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version}\n`,
    code: 2,
    out: "",
  });
});

/** Addresses where nothing listens for what a bundle cannot start without. */
function requiredOptions(installed: string): Record<string, string> {
  const { user_config } = JSON.parse(readFileSync(join(installed, "manifest.json"), "utf8"));
  const options: [string, { required?: boolean }][] = Object.entries(user_config ?? {});
  return Object.fromEntries(
    options.filter(([, { required }]) => required).map(([key]) => [key, "http://127.0.0.1:1"]),
  );
}
