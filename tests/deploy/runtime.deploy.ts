/** `berth serve <folder>` in the image, under restricted-v2: the jails hold in a pod as they do on a machine. */
import { afterAll, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "../../src/core/version.ts";
import { runToEnd, startContainer } from "../../tools/deploy/container.ts";
import { connectHttp } from "../clients.ts";
import { callTool } from "../toolCalls.ts";

const berth = `localhost/berth:${version}`;
const limitMs = 120_000;
const folder = mkdtempSync(join(tmpdir(), "berth-runtime-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The settings of a runtime, as a ConfigMap would be mounted. */
function mounted(name: string, settings: unknown): string {
  const path = join(folder, name);
  mkdirSync(path);
  chmodSync(folder, 0o755);
  writeFileSync(join(path, "berth.json"), JSON.stringify(settings));
  return `--volume=${path}:/var/lib/berth:ro`;
}

/** The lines of a runtime's log that tell of one kind of event. */
function linesOf(log: string, kind: string): Record<string, unknown>[] {
  return log
    .split("\n")
    .filter((line) => line.includes(`"kind":"${kind}"`))
    .map((line) => JSON.parse(line));
}

test("everything that a jail is made of can be enforced there", async () => {
  const { out } = await runToEnd({ image: berth, args: ["doctor"] }, 0);
  const lines = out.trim().split("\n");
  expect(lines.map((line) => line.slice(0, 23).trim())).toEqual([
    lines[0]?.slice(0, 23).trim() ?? "",
    "yes  files by path",
    "yes  other processes",
    "yes  system calls",
    "yes  TCP ports",
    "yes  this machine only",
    "yes  signals",
    'Mode "enforce" can run',
  ]);
});

test("nobody is let in from outside without access control", async () => {
  const volume = mounted("open", { mcpServers: {} });
  const { err } = await runToEnd(
    { image: berth, args: ["serve", "/var/lib/berth"], flags: [volume] },
    2,
  );
  expect(err).toBe(
    'Cannot listen on "0.0.0.0": others can reach it, and no access control is set up\n' +
      "hint: Set BERTH_TOKEN, or auth.tokens or auth.oauth in berth.json; listen on 127.0.0.1; or pass --insecure.\n",
  );
});

test(
  "a jailed server reaches what it was granted, and nothing else",
  async () => {
    await using api = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: () => Response.json({ customerId: "AROUT", companyName: "Around the Horn" }),
    });
    const { host } = api.url;
    const customer = {
      bundle: "customer-mcp",
      userConfig: { customer_api_base_url: api.url.origin },
    };
    const volume = mounted("grants", {
      bundles: "/opt/berth/bundles",
      mode: "enforce",
      mcpServers: {
        granted: { ...customer, permissions: { net: [host] } },
        refused: { ...customer, permissions: {} },
        ...Object.fromEntries(
          ["finance-mcp", "ocr-mcp", "rag-mcp", "decision-mcp"].map((name) => [
            name,
            { disabled: true },
          ]),
        ),
      },
    });
    await using runtime = await startContainer({
      image: berth,
      args: ["serve", "/var/lib/berth"],
      env: { BERTH_HOST: "127.0.0.1", BERTH_PORT: "0" },
      flags: [volume],
    });
    await using one = await connectHttp(`${runtime.url}/granted/mcp`);
    await using other = await connectHttp(`${runtime.url}/refused/mcp`);
    const found = await callTool(one, "get_customer", { customer_id: "AROUT" });
    const kept = await callTool(other, "get_customer", { customer_id: "AROUT" });
    const { code } = await runtime.stop();
    expect({
      name: found.structuredContent.companyName,
      refused: kept.isError,
      blocked: linesOf(runtime.log(), "blocked").map(({ server, attempt, reason }) => ({
        server,
        attempt,
        reason,
      })),
      notEnforced: linesOf(runtime.log(), "boot").map(({ notEnforced }) => notEnforced),
      code,
      changes: await runtime.changes(),
    }).toEqual({
      name: "Around the Horn",
      refused: true,
      blocked: [
        {
          server: "refused",
          attempt: "make a socket (IPv4 stream)",
          reason: "no host is granted",
        },
      ],
      notEnforced: [[], []],
      code: 0,
      changes: [],
    });
  },
  limitMs,
);
