/** The same question through LangGraph: the graph calls the MCP servers itself and asks the model by chat completions. */

import { createReactAgent } from "@langchain/langgraph/prebuilt";
import { MultiServerMCPClient } from "@langchain/mcp-adapters";
import { ChatOpenAI } from "@langchain/openai";
import { supportAgent } from "./agents.ts";
import { checkReady } from "./frameworks.ts";
import { runAgent } from "./program.ts";
import { agentSettings, questionSetting } from "./settings.ts";

await runAgent({
  name: "langgraph-agent",
  about:
    "Puts a question to a LangGraph agent that has the customer and the finance server's tools.",
  settings: {
    ...agentSettings,
    ...questionSetting(
      "Find the customer with email thomashardy@example.com and show their order history",
    ),
  },
  examples: [
    "bun tools/agents/langgraph-agent.ts",
    'bun tools/agents/langgraph-agent.ts --question "Which orders does customer LONEP have?"',
  ],
  async run(values, signal) {
    const { toolBoxes, instructions } = supportAgent(values);
    await checkReady(values, signal);
    const token = values.toolToken?.reveal();
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
    const servers = new MultiServerMCPClient({
      // The names that the model is shown are the servers' own.
      prefixToolNameWithServerName: false,
      // Left alone, the adapter hands a model the text and then the same again as structured content.
      afterToolCall: ({ result: [parts] }) => ({ result: textOf(parts) }),
      mcpServers: Object.fromEntries(
        toolBoxes.map(({ label, url }) => [label, { transport: "http" as const, url, headers }]),
      ),
    });
    try {
      const allowed = new Set(toolBoxes.flatMap(({ reads }) => reads));
      const tools = (await servers.getTools()).filter(({ name }) => allowed.has(name));
      const llm = new ChatOpenAI({
        model: values.model,
        apiKey: values.apiKey?.reveal() ?? "none",
        configuration: { baseURL: `${values.llamaStackUrl}/v1` },
        timeout: values.timeoutSeconds * 1_000,
        maxRetries: 0,
      });
      const agent = createReactAgent({ llm, tools, prompt: instructions });
      console.log(values.question);
      const { messages } = await agent.invoke(
        { messages: [{ role: "user", content: values.question }] },
        { signal },
      );
      for (const message of messages) {
        for (const { name, args } of Object(message).tool_calls ?? []) {
          console.log(`  → ${name}(${JSON.stringify(args)})`);
        }
      }
      console.log(messages.at(-1)?.text || "(The model gave no answer.)");
    } finally {
      await servers.close();
    }
  },
});

function textOf(parts: unknown): string {
  const list: unknown[] = Array.isArray(parts) ? parts : [parts];
  return list.map((part) => (typeof part === "string" ? part : Object(part).text)).join(" ");
}
