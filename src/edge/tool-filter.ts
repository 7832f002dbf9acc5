import type { ToolFilter } from "./config.ts";

/** A tool as a server lists it; members beside these are passed on. */
export interface ListedTool {
  name: string;
  title?: string;
  description?: string;
  inputSchema?: unknown;
  outputSchema?: unknown;
  annotations?: { readOnlyHint?: boolean; [name: string]: unknown };
  [name: string]: unknown;
}

/** Whether a tool passes every filter. What is not listed is not known to be read-only. */
export function isToolAllowed(
  name: string,
  listed: ListedTool | undefined,
  filters: readonly ToolFilter[],
): boolean {
  return filters.every(({ allow, exclude, readOnly }) => {
    if (readOnly === true && listed?.annotations?.readOnlyHint !== true) return false;
    if (exclude?.some((pattern) => matches(pattern, name))) return false;
    return allow === undefined || allow.some((pattern) => matches(pattern, name));
  });
}

/**
 * What a request asks for by header. A header adds a filter to those of the operator and never takes one away, so it can
 * tighten and never relax.
 */
export function readHeaderFilter(headers: Headers): ToolFilter | undefined {
  const allow = listOf(headers.get("x-mcp-tools"));
  const exclude = listOf(headers.get("x-mcp-exclude-tools"));
  const given = headers.get("x-mcp-readonly");
  const readOnly = given !== null && /^(true|1|yes)$/i.test(given);
  if (allow === undefined && exclude === undefined && !readOnly) return undefined;
  return { ...(allow && { allow }), ...(exclude && { exclude }), ...(readOnly && { readOnly }) };
}

/** A name, or a beginning of names with a star behind it. */
function matches(pattern: string, name: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function listOf(text: string | null): string[] | undefined {
  if (text === null) return undefined;
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** The tools of a `tools/list` result. */
export function toolsOf(result: Record<string, unknown> | undefined): ListedTool[] {
  const { tools } = result ?? {};
  if (!Array.isArray(tools)) return [];
  return tools.filter((tool) => typeof tool === "object" && typeof tool?.name === "string");
}
