/** A stdio server that speaks 2026-07-28 and nothing older, made with the SDK of that revision. */
import { acceptedContent, inputRequired, McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import * as z from "zod";

function createServer(): McpServer {
  const server = new McpServer({ name: "modern", version: "1" });
  const inputSchema = z.object({ text: z.string() });
  server.registerTool("echo", { description: "Echoes.", inputSchema }, async ({ text }) => ({
    content: [{ type: "text", text }],
  }));
  server.registerTool("ask", { description: "Asks for a name." }, async (context) => {
    const name = acceptedContent<{ name: string }>(context.mcpReq.inputResponses, "name");
    if (name !== undefined) return { content: [{ type: "text", text: `hello ${name.name}` }] };
    const requestedSchema = { type: "object", properties: { name: { type: "string" } } } as const;
    return inputRequired({
      inputRequests: { name: inputRequired.elicit({ message: "Who?", requestedSchema }) },
    });
  });
  return server;
}

serveStdio(createServer, { legacy: "reject" });
