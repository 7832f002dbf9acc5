/** What the built executables and bundles tell of the work of others that they hold. */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listUnits } from "../tools/units.ts";
import { root, runToEnd } from "./program.ts";

const dist = join(root, "dist");
const mcpb = [process.execPath, "--bun", join(root, "node_modules/.bin/mcpb")];
const folder = mkdtempSync(join(tmpdir(), "berth-licenses-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The names in the list at a text's head. */
function namesIn(notices: string): string[] {
  const [head = ""] = notices.split(/^-{80}$/m);
  return [...head.matchAll(/^ {2}(\S+) \S+, .+$/gm)].map(([, name = ""]) => name);
}

describe.each(listUnits().map(({ name }) => name))("dist/%s", (name) => {
  const beside = readFileSync(join(dist, "licenses", `THIRD-PARTY-NOTICES.${name}`), "utf8");

  test("prints the notices that lie beside it", async () => {
    const { code, stdout, stderr } = await runToEnd([join(dist, name), "--licenses"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(beside);
  });

  test("tells of Bun, of what is under the LGPL in it, and of the packages that every program has", () => {
    expect(namesIn(beside)).toEqual(expect.arrayContaining(["Bun", "pino", "zod"]));
    expect(beside).toContain("JavaScriptCore and WebKit, LGPL-2.0-or-later AND BSD-2-Clause");
    expect(beside).toContain("GNU LIBRARY GENERAL PUBLIC LICENSE");
  });
});

test.each([
  ["berth", ["jose", "react", "react-dom"]],
  ["claims-api", ["@hyzyla/pdfium", "elysia", "pg-boss", "postgres", "swagger-ui-dist"]],
  ["ocr-mcp", ["@hyzyla/pdfium", "@tesseract.js-data/eng", "tesseract.js-core"]],
  ["rag-mcp", ["@hyzyla/pdfium", "onnxruntime-web"]],
])("the notices of %s name what it alone has: %p", (name, packages) => {
  const beside = readFileSync(join(dist, "licenses", `THIRD-PARTY-NOTICES.${name}`), "utf8");
  expect(namesIn(beside)).toEqual(expect.arrayContaining(packages));
});

test.each(readdirSync(dist).filter((file) => file.endsWith(".mcpb")))(
  "dist/%s holds our licence and the notices of what its server takes, without Bun's",
  async (file) => {
    const unpacked = join(folder, file);
    await runToEnd([...mcpb, "unpack", join(dist, file), unpacked]);
    const notices = readFileSync(join(unpacked, "THIRD-PARTY-NOTICES"), "utf8");
    const { name } = JSON.parse(readFileSync(join(unpacked, "manifest.json"), "utf8"));
    const ofBinary = readFileSync(join(dist, "licenses", `THIRD-PARTY-NOTICES.${name}`), "utf8");
    expect(namesIn(notices)).toEqual(namesIn(ofBinary).filter((each) => each !== "Bun"));
    expect(readFileSync(join(unpacked, "LICENSE"), "utf8")).toBe(
      readFileSync(join(root, "LICENSE"), "utf8"),
    );
  },
);

test("a program that is no executable says where its notices are", async () => {
  expect(await runToEnd([process.execPath, "mcp/customer/server.ts", "--licenses"])).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "Cannot print the licences: only a built executable has them\nhint: `bun run build` writes them beside the executables; a bundle holds them as THIRD-PARTY-NOTICES.\n",
  });
});
