import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { generateKeyPairSync } from "node:crypto";
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { berth, openFolder, writeBundle } from "../../tests/berth.ts";
import { joinTrailer } from "./trailer.ts";

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

test("an unsigned bundle is refused where a signature is required, by flag or by berth.json", async () => {
  using folder = openFolder();
  const cwd = folder.path;
  writeBundle(join(cwd, "echo"));
  await berth(["pack", "echo", "--out", "echo.mcpb"], { cwd });
  const refused = "Cannot install the bundle: it is not signed";
  expect(await add(cwd, "--require-signature")).toBe(refused);
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

const openssl = Bun.which("openssl");

/** Certificates are made by openssl: node:crypto reads them and makes none. */
describe.skipIf(openssl === null)("a CMS signature, made with openssl's certificates", () => {
  const made = mkdtempSync(join(tmpdir(), "berth-certificates-"));
  afterAll(() => rmSync(made, { recursive: true }));

  beforeAll(() => {
    for (const [name, kind] of [
      ["rsa", "rsa:2048"],
      ["ec", "ec"],
      ["other", "rsa:2048"],
    ] as const) {
      const curve = kind === "ec" ? ["-pkeyopt", "ec_paramgen_curve:P-256"] : [];
      run(
        "req",
        "-x509",
        "-newkey",
        kind,
        ...curve,
        "-nodes",
        "-subj",
        "/CN=Ada",
        "-days",
        "2",
        "-keyout",
        `${name}.key`,
        "-out",
        `${name}.crt`,
      );
    }
  });

  function run(...args: string[]): void {
    const { exitCode, stderr } = Bun.spawnSync([openssl ?? "", ...args], { cwd: made });
    if (exitCode !== 0) throw new Error(stderr.toString());
  }

  /** What happens to the bundle: first with the right certificate, then another, then after a change. */
  async function judge(cwd: string, certificate: string): Promise<unknown[]> {
    const strict = ["--require-signature", "--trust"];
    const right = await add(cwd, ...strict, join(made, certificate));
    const other = await add(cwd, ...strict, join(made, "other.crt"));
    flipByte(join(cwd, "echo.mcpb"), 10);
    return [right, other, await add(cwd, ...strict, join(made, certificate))];
  }

  function expected(certificate: string): unknown[] {
    const refused =
      "Cannot install the bundle: no trusted key made its cms signature, or its content was changed";
    return [{ status: "trusted", by: join(made, certificate), form: "cms" }, refused, refused];
  }

  test("of mcpb sign is believed with its certificate, although mcpb verify believes none", async () => {
    using folder = openFolder();
    const cwd = folder.path;
    writeBundle(join(cwd, "echo"));
    await berth(["pack", "echo", "--out", "echo.mcpb"], { cwd });
    const sign = Bun.spawnSync(
      [...mcpb, "sign", "echo.mcpb", "-c", join(made, "rsa.crt"), "-k", join(made, "rsa.key")],
      { cwd },
    );
    expect(sign.exitCode).toBe(0);
    expect(await judge(cwd, "rsa.crt")).toEqual(expected("rsa.crt"));
  });

  test.each(["rsa", "ec"])(
    "of openssl cms with a key for %s is believed inside a zip comment",
    async (kind) => {
      using folder = openFolder();
      const cwd = folder.path;
      writeBundle(join(cwd, "echo"));
      await berth(["pack", "echo", "--out", "echo.mcpb"], { cwd });
      copyFileSync(join(cwd, "echo.mcpb"), join(made, "content"));
      run(
        "cms",
        "-sign",
        "-binary",
        "-md",
        "sha256",
        "-in",
        "content",
        "-signer",
        `${kind}.crt`,
        "-inkey",
        `${kind}.key`,
        "-outform",
        "DER",
        "-out",
        "content.der",
      );
      const signed = joinTrailer(
        readFileSync(join(cwd, "echo.mcpb")),
        "cms",
        readFileSync(join(made, "content.der")),
      );
      writeFileSync(join(cwd, "echo.mcpb"), signed);
      expect(await judge(cwd, `${kind}.crt`)).toEqual(expected(`${kind}.crt`));
    },
  );

  test("that is no CMS structure is not believed and breaks nothing", async () => {
    using folder = openFolder();
    const cwd = folder.path;
    writeBundle(join(cwd, "echo"));
    await berth(["pack", "echo", "--out", "echo.mcpb"], { cwd });
    const length = Buffer.from([2, 0, 0, 0]);
    appendFileSync(
      join(cwd, "echo.mcpb"),
      Buffer.concat([
        Buffer.from("MCPB_SIG_V1"),
        length,
        Buffer.from([0x30, 0x84]),
        Buffer.from("MCPB_SIG_END"),
      ]),
    );
    expect(await add(cwd, "--trust", join(made, "rsa.crt"))).toEqual({
      status: "untrusted",
      form: "cms",
    });
  });
});

function flipByte(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}
