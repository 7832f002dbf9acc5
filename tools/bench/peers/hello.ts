/** The least that can answer: reads one line, prints one line. */
const result = {
  protocolVersion: "2025-11-25",
  capabilities: { tools: {} },
  serverInfo: { name: "customer-api", version: "1.0.0" },
};
for await (const line of console) {
  const { id } = JSON.parse(line);
  console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
}
