/** What a path asks for. */
export interface Route {
  /** undefined: all servers as one. */
  server: string | undefined;
  kind: "mcp" | "openapi" | "tool" | "events";
  /** Below `/text`: results as text only, for Llama Stack. */
  isText: boolean;
  tool?: string;
}

/** The most paths that are remembered; clients choose them, so what comes after is read each time. */
const rememberedCount = 1000;

const mcpPaths = new Set(["mcp", "sse", "messages"]);

/** Names that a server cannot have, because they are paths of the gateway. */
export const reservedNames: ReadonlySet<string> = new Set([
  ...mcpPaths,
  "text",
  "healthz",
  "readyz",
  "health",
  "metrics",
  "console",
]);

/** What paths ask for. The same few come with every call, so what was read of one is kept. */
export class Routes {
  readonly #known = new Map<string, Route>();

  read(path: string): Route | undefined {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const route = readRoute(path);
    if (route !== undefined && this.#known.size < rememberedCount) this.#known.set(path, route);
    return route;
  }
}

/** Reads `/mcp`, `/<name>/mcp`, `/<name>/text/mcp`, `/<name>/tools/<tool>` and their like. */
export function readRoute(path: string): Route | undefined {
  const parts = path.split("/").filter((part) => part !== "");
  const [first = "", ...rest] = parts;
  const all = readMcp(parts);
  if (all !== undefined) return { server: undefined, ...all };
  const one = readMcp(rest);
  if (one !== undefined) return { server: first, ...one };
  const [kind, tool] = rest;
  if (rest.length === 1 && kind === "openapi.json") return plain(first, "openapi");
  if (rest.length === 1 && kind === "events") return plain(first, "events");
  if (rest.length !== 2 || kind !== "tools" || tool === undefined) return undefined;
  try {
    return { ...plain(first, "tool"), tool: decodeURIComponent(tool) };
  } catch {
    return undefined;
  }
}

function readMcp(parts: readonly string[]): { kind: "mcp"; isText: boolean } | undefined {
  const isText = parts[0] === "text";
  const [last = "", ...more] = isText ? parts.slice(1) : parts;
  return more.length === 0 && mcpPaths.has(last) ? { kind: "mcp", isText } : undefined;
}

function plain(server: string, kind: Route["kind"]): Route {
  return { server, kind, isText: false };
}
