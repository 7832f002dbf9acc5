/** The ceiling: a web server that reads the request and answers constant bytes. `bun constant.ts <port> <rest url>` */
const [port, rest] = process.argv.slice(2);
const structuredContent = await (await fetch(`${rest}/api/customers/AROUT`)).json();
const text = JSON.stringify(structuredContent);
const result = { content: [{ type: "text", text }], structuredContent, isError: false };
const body = JSON.stringify({ jsonrpc: "2.0", id: 1, result });
const headers = { "content-type": "application/json" };

Bun.serve({
  hostname: "127.0.0.1",
  port: Number(port),
  async fetch(request) {
    await request.text();
    return new Response(body, { headers });
  },
});
