import { describe, expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { berth, flipByte, openFolder, writeBundle } from "../../tests/berth.ts";

const mcpb = [process.execPath, "--bun", join(import.meta.dir, "../../node_modules/.bin/mcpb")];

/** A key pair in PEM form, as files of a folder. */
function writeKeys(folder: string, name: string): void {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  writeFileSync(join(folder, `${name}.pem`), privateKey.export({ type: "pkcs8", format: "pem" }));
  writeFileSync(join(folder, `${name}.pub`), publicKey.export({ type: "spki", format: "pem" }));
}

/** The status and origin that `berth add --json` tells, or its complaint. */
async function add(cwd: string, ...args: string[]): Promise<unknown> {
  const answer = await berth(["add", "echo.mcpb", "--json", ...args], { cwd });
  return answer.code === 0 ? JSON.parse(answer.stdout).signature : answer.stderr.split("\n")[0];
}

const changed =
  "Cannot install the bundle: no trusted key made its ed25519 signature, or its content was changed";

describe.each([
  ["inside the file", []],
  ["beside the file", ["--detached"]],
] as const)("an ed25519 signature %s", (_, flags) => {
  test("is believed with its key only, and only for the content that it was made for", async () => {
    using folder = openFolder();
    const cwd = folder.path;
    for (const name of ["ours", "theirs"]) writeKeys(cwd, name);
    writeBundle(join(cwd, "echo"));
    const sign = ["pack", "echo", "--out", "echo.mcpb", "--sign", "ours.pem", ...flags];
    expect((await berth(sign, { cwd })).code).toBe(0);
    const strict = ["--require-signature", "--trust"];
    expect({
      ours: await add(cwd, ...strict, "ours.pub"),
      both: await add(cwd, ...strict, "theirs.pub", "--trust", "ours.pub"),
      theirs: await add(cwd, ...strict, "theirs.pub"),
      nobody: await add(cwd),
    }).toEqual({
      ours: { status: "trusted", by: "ours.pub", form: "ed25519" },
      both: { status: "trusted", by: "ours.pub", form: "ed25519" },
      theirs: changed,
      nobody: { status: "untrusted", form: "ed25519" },
    });
    flipByte(join(cwd, "echo.mcpb"), 10);
    expect(await add(cwd, ...strict, "ours.pub")).toBe(changed);
  });
});

test("berth add says what it replaces, and that a signature is no longer there", async () => {
  using folder = openFolder();
  const cwd = folder.path;
  writeKeys(cwd, "ours");
  writeBundle(join(cwd, "echo"));
  await berth(["pack", "echo", "--out", "echo.mcpb", "--sign", "ours.pem"], { cwd });
  await berth(["add", "echo.mcpb", "--trust", "ours.pub"], { cwd });
  const { stdout, stderr } = await berth(["add", "echo"], { cwd });
  expect([stdout.split("\n").slice(0, 2), stderr]).toEqual([
    ["replaced echo 1.2.3", "before     1.2.3, signed by ours.pub"],
    'note: "ours.pub" had signed the version before, and no trusted key this one\n',
  ]);
});

test("an unsigned bundle is refused where a signature is required, by flag or by berth.json", async () => {
  using folder = openFolder();
  const cwd = folder.path;
  writeBundle(join(cwd, "echo"));
  await berth(["pack", "echo", "--out", "echo.mcpb"], { cwd });
  const refused = "Cannot install the bundle: it is not signed";
  expect(await add(cwd, "--require-signature")).toBe(refused);
  const run = await berth(["run", "./echo"], { cwd, env: { BERTH_REQUIRE_SIGNATURE: "true" } });
  expect([run.code, run.stderr.split("\n")[0]]).toEqual([
    1,
    'Cannot open the bundle "echo": no trusted key has signed it',
  ]);
  expect(await add(cwd)).toEqual({ status: "unsigned" });
  writeFileSync(join(cwd, "berth.json"), '{"requireSignature": true}');
  expect(await add(cwd)).toBe(refused);
});

test("keys come from berth.json as text, file or environment variable", async () => {
  using folder = openFolder();
  const cwd = folder.path;
  writeKeys(cwd, "ours");
  writeBundle(join(cwd, "echo"));
  await berth(["pack", "echo", "--out", "echo.mcpb", "--sign", "ours.pem"], { cwd });
  const pem = readFileSync(join(cwd, "ours.pub"), "utf8");
  for (const key of [pem, { file: "ours.pub" }, "${env:KEY}"]) {
    const config = { requireSignature: true, trustedKeys: [{ name: "Ours", key }] };
    writeFileSync(join(cwd, "berth.json"), JSON.stringify(config));
    const { stdout } = await berth(["add", "echo.mcpb", "--json"], { cwd, env: { KEY: pem } });
    expect(JSON.parse(stdout).signature).toEqual({
      status: "trusted",
      by: "Ours",
      form: "ed25519",
    });
  }
});

test("a key of the wrong kind is refused with how to make a right one", async () => {
  using folder = openFolder();
  const cwd = folder.path;
  writeKeys(cwd, "ours");
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  writeFileSync(join(cwd, "ec.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
  writeBundle(join(cwd, "echo"));
  const complaint = async (...argv: string[]) => (await berth(argv, { cwd })).stderr.split("\n")[0];
  expect([
    await complaint("pack", "echo", "--sign", "ours.pub"),
    await complaint("pack", "echo", "--sign", "ec.pem"),
    await complaint("pack", "echo", "--sign", "none.pem"),
    await complaint("add", "echo", "--trust", "ours.pem"),
  ]).toEqual([
    'Cannot use the key "ours.pub": it is no private key in PEM form, or it has a passphrase',
    'Cannot use the key "ec.pem": it is a key for ec; expected ed25519',
    'Cannot read the key "none.pem": no such readable file',
    'Cannot use the key "ours.pem": it is a private key; expected the public one',
  ]);
});

test("a signed file is still a strict zip: unpacking tools take it", async () => {
  using folder = openFolder();
  const cwd = folder.path;
  writeKeys(cwd, "ours");
  writeBundle(join(cwd, "echo"));
  await berth(["pack", "echo", "--out", "echo.mcpb", "--sign", "ours.pem"], { cwd });
  const unpack = Bun.spawnSync([...mcpb, "unpack", "echo.mcpb", "out"], { cwd });
  expect(unpack.exitCode).toBe(0);
  expect(readFileSync(join(cwd, "out/server/index.js"), "utf8")).toBe("console.error('up');\n");
});
