import { expect, test } from "bun:test";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGateway } from "./gateway.ts";

const released = Bun.fileURLToPath(
  import.meta.resolve("@modelcontextprotocol/conformance/dist/index.js"),
);
const next = Bun.fileURLToPath(import.meta.resolve("conformance-next/dist/index.js"));
const argv = [process.execPath, join(import.meta.dir, "..", "conformance", "sdk-stdio.ts")];

/** The suites, and the policies under which a child behind a pipe can pass them. */
const suites = [
  ["0.1.16", "shared", [released, "server", "--suite", "all"]],
  ["2025-11-25", "shared", [next, "server", "--requirements", "2025-11-25"]],
  ["2025-11-25", "per_session", [next, "server", "--requirements", "2025-11-25"]],
  // Its calls wait for input side by side, and a shared child cannot say which of them asks.
  ["2026-07-28", "per_session", [next, "server", "--requirements", "2026-07-28"]],
] as const;

test.each(suites)(
  "the conformance suite %s passes through the gateway, %s",
  async (_name, policy, command) => {
    const limits = { policy, childLimitCount: policy === "shared" ? 1 : 32 };
    await using berth = startGateway({ fixture: { argv, limits } });
    const folder = mkdtempSync(join(tmpdir(), "berth-test-"));
    const run = Bun.spawn(
      [process.execPath, ...command, "--url", `${berth.url}/fixture/mcp`, "-o", folder],
      { stdout: "pipe", stderr: "ignore" },
    );
    const text = await new Response(run.stdout).text();
    await run.exited;
    const scenarios = text.split("\n").filter((line) => /^[✓✗] /u.test(line));
    // Tasks are an extension that no server of ours offers.
    const failed = scenarios.filter((line) => line.startsWith("✗") && !line.includes(" tasks-"));
    expect([scenarios.length > 25, failed]).toEqual([true, []]);
  },
  60_000,
);
