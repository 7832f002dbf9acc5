/** The same call by hand on `Bun.serve`: read the message, ask the REST service, answer. `bun plain.ts <port> <rest url>` */
const [port, rest] = process.argv.slice(2);

interface ToolsCall {
  id: number | string;
  method: string;
  params: { name: string; arguments: { customer_id: string } };
}

Bun.serve({
  hostname: "127.0.0.1",
  port: Number(port),
  async fetch(request) {
    if (request.method !== "POST") return new Response(null, { status: 405 });
    // A bench's own client sends it: nothing is checked, which is the point of this peer.
    const call = (await request.json()) as ToolsCall;
    const id = encodeURIComponent(call.params.arguments.customer_id);
    const answer = await fetch(`${rest}/api/customers/${id}`);
    const structuredContent = await answer.json();
    const text = JSON.stringify(structuredContent);
    const result = { content: [{ type: "text", text }], structuredContent, isError: false };
    return Response.json({ jsonrpc: "2.0", id: call.id, result });
  },
});
