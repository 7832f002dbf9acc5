import { Secret } from "../src/core/secret.ts";
import type { AgentValues } from "../tools/agents/settings.ts";
import { type StandIn, startStandIn } from "../tools/eval/standIn.ts";
import type { Think } from "../tools/interop/model.ts";
import { startService } from "./fantaco.ts";
import { runListening, runToEnd } from "./program.ts";

/** How long a start with a database may take on a machine that does much else, in milliseconds. */
export const startLimitMs = 60_000;

/** FantaCo's real services and MCP servers, and an endpoint whose model is a function. */
export interface AgentsWorld extends AsyncDisposable {
  standIn: StandIn;
  financeApi: string;
  /** The settings of an agent that uses all of this. */
  values: AgentValues;
  /** The same as variables of the environment. */
  env: Record<string, string>;
}

/** Starts everything from source; nothing but the model is made up. */
export async function openAgentsWorld(think: Think): Promise<AgentsWorld> {
  const [customer, finance] = await Promise.all([
    startService("customer"),
    startService("finance"),
  ]);
  const server = (domain: string, service: string) => {
    const entry = `mcp/${domain}/server.ts`;
    const flags = ["--transport", "http", "--port", "0", `--${domain}-api-base-url`, service];
    return runListening([process.execPath, entry, ...flags]);
  };
  const [customerMcp, financeMcp] = await Promise.all([
    server("customer", customer.url),
    server("finance", finance.url),
  ]);
  const standIn = startStandIn(think);
  const env = {
    LLAMA_STACK_BASE_URL: standIn.url,
    INFERENCE_MODEL: "scripted",
    API_KEY: "key",
    CUSTOMER_MCP_SERVER_URL: `${customerMcp.url}/mcp`,
    MCP_FINANCE_SERVER_URL: `${financeMcp.url}/mcp`,
  };
  return {
    standIn,
    financeApi: finance.url,
    env,
    values: {
      llamaStackUrl: standIn.url,
      model: "scripted",
      apiKey: new Secret("key"),
      customerUrl: env.CUSTOMER_MCP_SERVER_URL,
      financeUrl: env.MCP_FINANCE_SERVER_URL,
      toolToken: undefined,
      timeoutSeconds: 30,
    },
    async [Symbol.asyncDispose]() {
      for (const part of [standIn, customerMcp, financeMcp, customer, finance]) {
        await part[Symbol.asyncDispose]();
      }
    },
  };
}

/** What a program of tools/agents wrote, and how it ended. */
export async function runAgentProgram(
  name: string,
  {
    args = [],
    env = {},
    input = "",
  }: { args?: string[]; env?: Record<string, string>; input?: string },
): Promise<{ code: number; lines: string[]; stderr: string }> {
  const command = [process.execPath, `tools/agents/${name}.ts`, ...args];
  const { code, stdout, stderr } = await runToEnd(command, input, env);
  return { code, lines: stdout.trimEnd().split("\n"), stderr };
}
