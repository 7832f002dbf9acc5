import { afterAll, beforeAll, describe, expect, test } from "bun:test";
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
import { berth, flipByte, openFolder, writeBundle } from "../../tests/berth.ts";
import { joinTrailer } from "./trailer.ts";

const mcpb = [process.execPath, "--bun", join(import.meta.dir, "../../node_modules/.bin/mcpb")];

/** The status and origin that `berth add --json` tells, or its complaint. */
async function add(cwd: string, ...args: string[]): Promise<unknown> {
  const answer = await berth(["add", "echo.mcpb", "--json", ...args], { cwd });
  return answer.code === 0 ? JSON.parse(answer.stdout).signature : answer.stderr.split("\n")[0];
}

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
