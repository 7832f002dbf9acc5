/** A stdio MCP server whose every word wants to be more than text. Its arguments are one text: what it says everywhere. */
const [said = ""] = process.argv.slice(2);
/** Beyond what a page should show at once, in UTF-16 units. */
const longCount = 1_000_000;
const long = said + "x".repeat(longCount);

process.stderr.write(`${said}\n`);
for await (const line of console) {
  if (line === "") continue;
  const { id, method } = JSON.parse(line);
  const result = answer(method);
  if (id !== undefined) process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, result })}\n`);
}

function answer(method: string): object {
  if (method === "initialize") {
    const serverInfo = { name: said, version: said };
    return { protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo };
  }
  if (method === "tools/list") {
    const properties = {
      [said]: { type: "string", description: long },
      choice: { enum: [said, "2"], default: said },
    };
    const inputSchema = { type: "object", properties };
    return { tools: [{ name: said, title: said, description: long, inputSchema }] };
  }
  if (method === "tools/call") return { content: [{ type: "text", text: long }], isError: true };
  return {};
}
