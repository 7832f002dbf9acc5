/** An MCP server that is instant: constant answers, no work. What a response takes with it is the Llama Stack's own time. */
const customer = JSON.stringify({ customerId: "AROUT", companyName: "Around the Horn" });
const results: Record<string, object> = {
  initialize: {
    protocolVersion: "2025-06-18",
    capabilities: { tools: {} },
    serverInfo: { name: "constant", version: "1.0.0" },
  },
  "tools/list": {
    tools: [
      {
        name: "get_customer",
        description: "Returns one customer by id.",
        inputSchema: {
          type: "object",
          properties: { customer_id: { type: "string" } },
          required: ["customer_id"],
        },
      },
    ],
  },
  "tools/call": { content: [{ type: "text", text: customer }], isError: false },
};

Bun.serve({
  hostname: "127.0.0.1",
  port: Number(process.argv[2]),
  idleTimeout: 0,
  async fetch(request) {
    if (request.method !== "POST") return new Response(null, { status: 405 });
    const { id, method }: { id?: number; method: string } = await request.json();
    if (id === undefined) return new Response(null, { status: 202 });
    return Response.json({ jsonrpc: "2.0", id, result: results[method] ?? {} });
  },
});
