/** Lists the tools that agents get, as the Llama Stack knows them where its version has toolgroups, and at the servers. */
import { connectorsOf } from "../../src/edge/register.ts";
import { connectTools } from "./mcp.ts";
import { runAgent } from "./program.ts";
import { type AgentValues, agentSettings } from "./settings.ts";
import { readToolgroups } from "./toolgroups.ts";

await runAgent({
  name: "list-tools",
  about: "Lists the tools of the customer and the finance server, with their parameters.",
  settings: agentSettings,
  examples: [
    "bun tools/agents/list-tools.ts",
    "bun tools/agents/list-tools.ts --customer-mcp http://localhost:8001/mcp --finance-mcp http://localhost:8002/mcp",
  ],
  async run(values, signal) {
    await printServers(values);
    await printStack(values, signal);
  },
});

async function printServers(values: AgentValues): Promise<void> {
  for (const url of [values.customerUrl, values.financeUrl]) {
    await using server = await connectTools(url, values.toolToken);
    const { tools } = await server.client.listTools();
    console.log(`${server.client.getServerVersion()?.name} at ${url}: ${tools.length} tools`);
    for (const { name, title, annotations, inputSchema } of tools) {
      const effect = annotations?.readOnlyHint === true ? "reads" : "writes";
      console.log(`  ${name} (${effect}): ${title ?? ""}`);
      for (const line of parameterLines(inputSchema)) console.log(`      ${line}`);
    }
  }
}

/** Up to 0.6 a Llama Stack knows toolgroups; a newer one reads connectors from its configuration. */
async function printStack(values: AgentValues, signal: AbortSignal): Promise<void> {
  const found = await readToolgroups(values, signal);
  if (found === undefined) {
    console.log(`\nNo Llama Stack answers at ${values.llamaStackUrl}.`);
    return;
  }
  console.log(`\nLlama Stack ${found.version} at ${values.llamaStackUrl}`);
  for (const { id, url, tools } of found.groups ?? []) {
    console.log(`  ${id} at ${url}: ${tools.join(", ") || "no tools"}`);
  }
  if (found.groups !== undefined) return;
  const servers = [
    { name: "customer", url: values.customerUrl },
    { name: "finance", url: values.financeUrl },
  ];
  console.log(`It has no toolgroups. For its configuration:\n${connectorsOf(servers)}`);
}

function parameterLines(schema: object): string[] {
  const { properties = {}, required = [] }: { properties?: object; required?: string[] } = schema;
  return Object.entries(properties).map(([name, property]) => {
    const must = required.includes(name) ? "required" : "optional";
    return `${name} (${must}): ${Object(property).description ?? ""}`;
  });
}
