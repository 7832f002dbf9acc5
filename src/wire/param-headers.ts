/** One argument of a tool that a client repeats in a header, so that a proxy can route by it. */
export interface ParamHeader {
  /** The part of the header's name after `Mcp-Param-`. */
  name: string;
  path: readonly string[];
  type: unknown;
}

/** The deepest property that is looked at; tool schemas are a few levels deep. */
const depthLimitCount = 16;

const found = new WeakMap<object, readonly ParamHeader[]>();

/**
 * The `x-mcp-header` annotations of a tool's input schema, which may stand on properties only
 * (2026-07-28, transports, "Custom Headers from Tool Parameters"). Kept per schema: it is asked for
 * on every call.
 */
export function findParamHeaders(inputSchema: unknown): readonly ParamHeader[] {
  if (typeof inputSchema !== "object" || inputSchema === null) return [];
  const known = found.get(inputSchema);
  if (known !== undefined) return known;
  const headers = [...walk(inputSchema, [])];
  found.set(inputSchema, headers);
  return headers;
}

function* walk(schema: object, path: readonly string[]): Iterable<ParamHeader> {
  if (path.length > depthLimitCount || !("properties" in schema)) return;
  const { properties } = schema;
  if (typeof properties !== "object" || properties === null) return;
  for (const [key, property] of Object.entries(properties)) {
    if (typeof property !== "object" || property === null) continue;
    // Any object may be read by key; each value is checked before it is used.
    const { "x-mcp-header": name, type } = property as Record<string, unknown>;
    const here = [...path, key];
    if (typeof name === "string" && /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) {
      yield { name, path: here, type };
    }
    yield* walk(property, here);
  }
}
