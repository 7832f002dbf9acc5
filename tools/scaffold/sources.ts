/** The source files of a new server: one tool, ready to be replaced, and the contract that every server keeps. */

export function serverSource(name: string): string {
  return `import { serve } from "../../src/kit/serve.ts";
import { defineServer } from "../../src/kit/server.ts";
import { tools } from "./tools.ts";

const server = defineServer({
  binary: "${name}-mcp",
  name: "${name}",
  title: "${title(name)}",
  about: "MCP server for ${name}.",
  instructions: "Say here what a model should know before it calls the first tool.",
  http: { port: 8080 },
  settings: {},
  examples: ["${name}-mcp", "${name}-mcp --transport http --port 8080"],
  tools,
  open: () => undefined,
});

export default server;
if (import.meta.main) await serve(server);
`;
}

export function toolsSource(name: string): string {
  return `import * as z from "zod";
import { defineTool, type Tool } from "../../src/kit/tool.ts";

const echoText = defineTool({
  name: "echo_text",
  title: "Echo a text",
  description: "Returns the text that it was given. Use it to see that the ${name} server answers.",
  effect: "read",
  input: z.strictObject({ text: z.string().max(10_000).describe("The text to return.") }),
  output: z.looseObject({ text: z.string() }),
  run: async ({ text }) => ({ text }),
});

/** The ${name} server's tools, in the order in which they are listed. */
export const tools: readonly Tool<undefined>[] = [echoText];
`;
}

export function testSource(name: string): string {
  return `import { expect, test } from "bun:test";
import { connectStdio } from "../../tests/clients.ts";
import { testServerContract } from "../../tests/contract.ts";

const command = [process.execPath, \`\${import.meta.dir}/server.ts\`];

testServerContract(command);

test("echo_text of ${name} returns the text", async () => {
  await using connected = await connectStdio(command);
  const result = await connected.client.callTool({ name: "echo_text", arguments: { text: "hi" } });
  expect<unknown>(result).toEqual({
    content: [{ type: "text", text: '{"text":"hi"}' }],
    structuredContent: { text: "hi" },
    isError: false,
  });
});
`;
}

function title(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
