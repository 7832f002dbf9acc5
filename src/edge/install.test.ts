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
import { host } from "../../tests/edge/start-bundle.ts";
import { AppError } from "../core/fault.ts";
import { openBundle } from "./bundle.ts";
import { contentHash, mapContent } from "./content.ts";

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
