import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findPython, installPackages } from "../tools/interop/install.ts";
import { adminToken, openTestClaims, type TestClaims } from "./claims.ts";
import { insides } from "./claimsInsides.ts";

// Every documented operation, with requests that an outside tool makes up from our OpenAPI document alone.
// CLAIMS_SCHEMATHESIS_EXAMPLES=500 makes it the long version.

const examples = process.env.CLAIMS_SCHEMATHESIS_EXAMPLES ?? "20";
/** How long the tool may take, in milliseconds; the long version needs more. */
const limitMs = 60_000 + Number(examples) * 3_000;
const python = await findPython();

const packages = {
  name: "Schemathesis",
  folder: "schemathesis-4.32.5",
  requirements: ["schemathesis==4.32.5"],
  constraints: [],
};

/** Valid requests that are refused: for a user who is not there, content that is none, a claim's state. */
const left = "positive_data_acceptance";
const flags = [
  ...["--header", `Authorization: Bearer ${adminToken}`],
  // A stream does not end; src/services/claims/runs.test.ts reads it.
  ...["--exclude-path-regex", "/events$"],
  ...["--checks", "all", "--exclude-checks", left],
  ...["--max-examples", examples, "--seed", "6", "--no-shrink", "--continue-on-failure"],
];

describe.skipIf(python === undefined)("Schemathesis", () => {
  let claims: TestClaims;
  let folder: string;
  let programs: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "berth-schemathesis-"));
    programs = await installPackages(packages, python ?? "");
    claims = await openTestClaims();
  }, 660_000);
  afterAll(async () => {
    await claims.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test(
    "finds no failure of ours, no undocumented answer and none of our insides",
    async () => {
      const har = join(folder, "requests.har");
      const report = ["--report", "har", "--report-har-path", har];
      const command = [join(programs, "schemathesis"), "run", `${claims.url}/openapi.json`];
      const child = Bun.spawn([...command, ...flags, ...report], {
        cwd: folder,
        stdout: "pipe",
        stderr: "pipe",
      });
      const [code, output] = await Promise.all([child.exited, new Response(child.stdout).text()]);
      expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
      const { entries } = JSON.parse(readFileSync(har, "utf8")).log;
      const answers: { status: number; content: { text?: string } }[] = entries.map(
        ({ response }: { response: object }) => response,
      );
      const bad = answers.filter(
        ({ status, content }) => status >= 500 || insides.test(content.text ?? ""),
      );
      expect({ bad, isMany: answers.length > 500 }).toEqual({ bad: [], isMany: true });
    },
    limitMs,
  );
});
