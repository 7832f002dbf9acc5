import type { Screen } from "../wire/channel.ts";
import type { Catalog } from "./catalog.ts";
import { filtersFor, type RequestContext } from "./request-context.ts";
import { textTool } from "./text-results.ts";
import { isToolAllowed, toolsOf } from "./tool-filter.ts";

/**
 * What one caller sees of all servers together. Calls are decided by the screen of the server that has the tool.
 */
export function createAggregateScreen(
  catalog: Catalog,
  context: RequestContext,
  isText: boolean,
): Screen {
  return {
    admit: () => undefined,
    adapts: (method) => method === "tools/list",
    adapt({ method }, response) {
      if (method !== "tools/list" || "error" in response) return response;
      const entries = new Map(catalog.latest.map((entry) => [entry.name, entry.tool]));
      const tools = toolsOf(response.result).filter(({ name }) => {
        const tool = entries.get(name);
        if (tool === undefined) return false;
        return isToolAllowed(tool.listed.name, tool.listed, filtersFor(tool.hosted, context));
      });
      const shown = isText ? tools.map(textTool) : tools;
      return { ...response, result: { ...response.result, tools: shown } };
    },
  };
}
