import type { Response } from "./message.ts";
import type { Mux } from "./mux.ts";

/**
 * The input schema of a tool, from the kept list where there is one: the list is asked for once.
 */
export function findInputSchema(mux: Mux, name: unknown): unknown {
  const kept = mux.peer.findList("tools/list");
  if (kept !== undefined) return schemaIn(kept, name);
  return new Promise((resolve) => {
    const answer = (response: Response): void => {
      resolve("result" in response ? schemaIn(response.result, name) : undefined);
    };
    const client = mux.visit({ deliver: () => undefined, answer }, {});
    mux.receive(client, { jsonrpc: "2.0", id: 0, method: "tools/list" });
  });
}

function schemaIn(list: Record<string, unknown>, name: unknown): unknown {
  const { tools } = list;
  if (!Array.isArray(tools)) return undefined;
  // A tool without these members is not found, and the server itself refuses it.
  const tool = tools.find((one: { name?: unknown } | null) => one?.name === name);
  return (tool as { inputSchema?: unknown } | undefined)?.inputSchema;
}
