import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { chmodSync, readFileSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { berth, openFolder, writeBundle, writeFiles } from "../../tests/berth.ts";
import { openArchive } from "./archive.ts";

const mcpb = [process.execPath, "--bun", join(import.meta.dir, "../../node_modules/.bin/mcpb")];

test("berth pack prints path, size and sha256 of the file", async () => {
  using folder = openFolder();
  const cwd = folder.path;
  writeBundle(join(cwd, "echo"));
  const answer = await berth(["pack", "echo"], { cwd });
  const file = readFileSync(join(cwd, "echo-1.2.3.mcpb"));
  expect(answer).toEqual({
    code: 0,
    stdout: `${join(cwd, "echo-1.2.3.mcpb")}\n${file.length} bytes, 2 files\nsha256 ${hashOf(file)}\n`,
    stderr: "",
  });
});

test("the same content gives the same bytes, whatever the order, the times and the other mode bits", async () => {
  using folder = openFolder();
  const cwd = folder.path;
  const one = writeBundle(join(cwd, "one"));
  writeFiles(one, { "b.txt": "b", "a/z.txt": "z", "a.txt": "a" });
  const two = writeFiles(join(cwd, "two"), { "a.txt": "a", "a/z.txt": "z", "b.txt": "b" });
  writeBundle(two);
  chmodSync(join(two, "a.txt"), 0o600);
  utimesSync(join(two, "a.txt"), 0, 0);
  for (const name of ["one", "two"]) await berth(["pack", name, "--out", `${name}.mcpb`], { cwd });
  expect(hashOf(readFileSync(join(cwd, "two.mcpb")))).toBe(
    hashOf(readFileSync(join(cwd, "one.mcpb"))),
  );
  chmodSync(join(two, "a.txt"), 0o700);
  await berth(["pack", "two", "--out", "two.mcpb"], { cwd });
  expect(hashOf(readFileSync(join(cwd, "two.mcpb")))).not.toBe(
    hashOf(readFileSync(join(cwd, "one.mcpb"))),
  );
});

test("secrets, maps, locks and what .mcpbignore names stay out", async () => {
  using folder = openFolder();
  const cwd = folder.path;
  writeFiles(writeBundle(join(cwd, "echo")), {
    ".env": "TOKEN=1",
    ".env.local": "TOKEN=2",
    "server/index.js.map": "{}",
    ".git/config": "",
    "npm.log": "",
    "node_modules/.bin/x": "",
    "node_modules/a/index.js": "1;",
    "node_modules/a/notes/x.md": "",
    "docs/a.md": "",
    "docs/b.txt": "",
    "src/secret/x": "",
    "deep/src/secret/y": "",
    "berth.lock.json": "{}",
    ".mcpbignore": "# ours\n*.md\n/src/secret\ndocs/\n",
  });
  await berth(["pack", "echo", "--out", "echo.mcpb"], { cwd });
  const { entries } = openArchive(readFileSync(join(cwd, "echo.mcpb")));
  expect(entries.map(({ path }) => path)).toEqual([
    "deep/src/secret/y",
    "manifest.json",
    "node_modules/a/index.js",
    "server/index.js",
  ]);
});

describe("berth pack refuses", () => {
  const link = (folder: string) => Bun.spawnSync(["ln", "-s", "/etc/passwd", join(folder, "link")]);
  const binary = {
    server: {
      type: "binary",
      entry_point: "server/index.js",
      mcp_config: { command: "server/index.js" },
    },
  };
  test.each<[string, (folder: string) => unknown, string]>([
    [
      "a folder without a manifest",
      () => undefined,
      'Cannot pack "FOLDER": it holds no manifest.json',
    ],
    [
      "an entry point that is not there",
      (folder) =>
        writeBundle(folder, {
          server: { type: "node", entry_point: "x.js", mcp_config: { command: "node" } },
        }),
      'Cannot pack the entry point "x.js": no such file in the bundle',
    ],
    [
      "a program without its x-bit",
      (folder) => writeBundle(folder, binary),
      'Cannot pack the entry point "server/index.js": it is not executable',
    ],
    [
      "a symbolic link",
      (folder) => link(writeBundle(folder)),
      'Cannot read the bundle folder "FOLDER": "link" is neither a file nor a folder',
    ],
    [
      "names that differ in case",
      (folder) => writeFiles(writeBundle(folder), { "a.js": "", "A.js": "" }),
      'Cannot read the archive: entry "a.js" differs from "A.js" in upper and lower case only',
    ],
    [
      "a list that takes things back in",
      (folder) => writeFiles(writeBundle(folder), { ".mcpbignore": "*\n!server" }),
      'Cannot read .mcpbignore: "!server" takes something back in',
    ],
  ])("%s", async (_, make, state) => {
    using folder = openFolder();
    make(folder.path);
    const answer = await berth(["pack", "."], { cwd: folder.path });
    expect({ code: answer.code, stderr: answer.stderr.split("\n")[0] }).toEqual({
      code: 1,
      stderr: state.replace("FOLDER", folder.path),
    });
  });
});

test("what mcpb packs is installed, and what berth packs passes mcpb's own validator", async () => {
  using folder = openFolder();
  const cwd = folder.path;
  writeBundle(join(cwd, "echo"), {
    _meta: { "dev.berth": { permissions: { net: ["api.example:443"] } } },
  });
  const packed = Bun.spawnSync([...mcpb, "pack", "echo", "theirs.mcpb"], { cwd });
  expect(packed.exitCode).toBe(0);
  expect((await berth(["add", "theirs.mcpb"], { cwd })).code).toBe(0);
  await berth(["pack", "bundles/echo", "--out", "ours.mcpb"], { cwd });
  expect(Bun.spawnSync([...mcpb, "unpack", "ours.mcpb", "out"], { cwd }).exitCode).toBe(0);
  expect(Bun.spawnSync([...mcpb, "validate", "out"], { cwd }).stdout.toString()).toContain(
    "Manifest schema validation passes!",
  );
  expect(statSync(join(cwd, "out/server/index.js")).size).toBe(21);
});

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
