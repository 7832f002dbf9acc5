import { openEndpoint } from "./endpoint.ts";
import { connectTools } from "./mcp.ts";
import type { AgentValues } from "./settings.ts";

/**
 * Finds out before a framework does whether the model and the servers are there; the frameworks' own errors do not say
 * what to do. @throws AppError
 */
export async function checkReady(values: AgentValues, signal: AbortSignal): Promise<void> {
  await openEndpoint(values).checkModel(signal);
  for (const url of [values.customerUrl, values.financeUrl]) {
    await using server = await connectTools(url, values.toolToken);
    await server.client.ping();
  }
}
