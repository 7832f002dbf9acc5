import { afterAll, describe, expect, test } from "bun:test";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "../src/core/version.ts";
import { listUnits } from "../tools/units.ts";
import { connectStdio } from "./clients.ts";
import { testServerContract } from "./contract.ts";
import { root, runToEnd } from "./program.ts";

/** A folder with nothing in it: what a binary needs beside itself would be missing here. */
const folder = mkdtempSync(join(tmpdir(), "berth-binaries-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Berth itself has commands instead of options; its own test is bundles.test.ts. */
const units = listUnits().filter(({ kind }) => kind !== "runtime");

describe.each(units.filter(({ kind }) => kind === "server"))("dist/$name", ({ name }) => {
  const file = join(folder, name);
  cpSync(join(root, "dist", name), file);
  testServerContract([file, ...requiredSettings(name)]);
});

describe.each(units)("dist/$name", ({ name }) => {
  test("is one file that tells its version, its options and its manifest", async () => {
    const file = join(folder, name);
    cpSync(join(root, "dist", name), file);
    const told = await runToEnd([file, "--version"]);
    const help = await runToEnd([file, "--help"]);
    const manifest = await runToEnd([file, "--manifest"]);
    const beside = readdirSync(folder).filter((entry) => entry !== name && entry.startsWith(name));
    expect({
      version: told.stdout,
      usage: help.stdout.includes(`Usage: ${name} [options]`),
      beside,
    }).toEqual({
      version: `${name} ${version}\n`,
      usage: true,
      beside: [],
    });
    expect(JSON.parse(manifest.stdout)).toMatchObject({ name, version });
    expect([told.code, help.code, manifest.code]).toEqual([0, 0, 0]);
  });

  test("refuses an option that it does not know, with code 2", async () => {
    const { code, stdout, stderr } = await runToEnd([join(root, "dist", name), "--nope"]);
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: "",
      stderr:
        'Cannot read the argument "--nope": no such option\nhint: See --help for the options.\n',
    });
  });
});

describe.each(units.filter(({ kind }) => kind === "server"))("dist/bundles/$name", ({ name }) => {
  test("lists the same tools as the binary", async () => {
    const bundle = [process.execPath, join(root, "dist/bundles", name, "server.js")];
    await using ours = await connectStdio([...bundle, ...requiredSettings(name)]);
    await using binary = await connectStdio([join(root, "dist", name), ...requiredSettings(name)]);
    expect(await ours.client.listTools()).toEqual(await binary.client.listTools());
  });
});

/** What a server needs to start without a word, as its manifest says: addresses where nothing listens, and a folder. */
function requiredSettings(name: string): string[] {
  const { stdout } = Bun.spawnSync([join(root, "dist", name), "--manifest"]);
  const manifest: { settings: { flag: string; required: boolean }[] } = JSON.parse(
    stdout.toString(),
  );
  return manifest.settings.flatMap(({ flag, required }) => {
    if (flag === "--documents-root") return [flag, folder];
    return required ? [flag, "http://127.0.0.1:1"] : [];
  });
}
