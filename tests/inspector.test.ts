import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { root, runListening, runToEnd } from "./program.ts";

const binary = [join(root, "dist/customer-mcp"), "--customer-api-base-url", "http://127.0.0.1:1"];
const inspector = [
  process.execPath,
  "--bun",
  join(root, "node_modules/.bin/mcp-inspector"),
  "--cli",
];
const program = await runListening([...binary, "--transport", "http", "--port", "0"]);
afterAll(() => program[Symbol.asyncDispose]());

const ways = [
  ["Streamable HTTP, whichever era it finds", "/mcp", "http", "auto"],
  ["Streamable HTTP of the session era", "/mcp", "http", "legacy"],
  ["Streamable HTTP of 2026-07-28", "/mcp", "http", "modern"],
  ["Streamable HTTP on the SSE address", "/sse", "http", "legacy"],
  ["HTTP+SSE", "/sse", "sse", "legacy"],
  ["HTTP+SSE on the Streamable HTTP address", "/mcp", "sse", "legacy"],
] as const;

describe.each(ways)("the Inspector over %s", (_name, path, transport, era) => {
  const target = [`${program.url}${path}`, "--transport", transport, "--protocol-era", era];

  test("finds no fault in the tools", async () => {
    const { code, stdout } = await inspect([...target, "--method", "tools/list", "--strict"]);
    const names = JSON.parse(stdout).tools.map(({ name }: { name: string }) => name);
    expect({ code, names }).toEqual({ code: 0, names: ["search_customers", "get_customer"] });
  });

  test("shows what a tool answers", async () => {
    const args = [
      "--method",
      "tools/call",
      "--tool-name",
      "get_customer",
      "--tool-arg",
      "customer_id=..",
    ];
    const { stdout } = await inspect([...target, ...args]);
    expect(JSON.parse(stdout)).toMatchObject({
      isError: true,
      structuredContent: { error: "Invalid argument", status_code: null },
    });
  });
});

test("the Inspector over stdio finds no fault in the tools", async () => {
  const env = ["-e", "CUSTOMER_API_BASE_URL=http://127.0.0.1:1"];
  const { code } = await inspect([binary[0] ?? "", ...env, "--method", "tools/list", "--strict"]);
  expect(code).toBe(0);
});

function inspect(args: readonly string[]): ReturnType<typeof runToEnd> {
  return runToEnd([...inspector, ...args]);
}
