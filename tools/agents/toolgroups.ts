import { formsOf } from "../../src/edge/llama-stack.ts";
import type { AgentValues } from "./settings.ts";

/** How long each look-up may take, in milliseconds: listing makes the Llama Stack connect to the server. */
const lookUpLimitMs = 30_000;

/** What a Llama Stack has registered. */
export interface Toolgroups {
  version: string;
  /** The groups that are MCP servers; undefined where the version has none, from 0.7 on. */
  groups: { id: string; url: string; tools: string[] }[] | undefined;
}

/** Reads the registered MCP servers; undefined when nobody answers. */
export async function readToolgroups(
  { llamaStackUrl, apiKey }: AgentValues,
  signal: AbortSignal,
): Promise<Toolgroups | undefined> {
  const get = async (path: string): Promise<Record<string, unknown> | undefined> => {
    const response = await fetch(`${llamaStackUrl}${path}`, {
      headers: apiKey ? { authorization: `Bearer ${apiKey.reveal()}` } : {},
      signal: AbortSignal.any([signal, AbortSignal.timeout(lookUpLimitMs)]),
    }).catch(() => undefined);
    return response?.ok ? Object(await response.json()) : undefined;
  };
  const about = await get("/v1/version");
  if (about === undefined) return undefined;
  const version = String(about.version);
  if (!formsOf(version).toolgroups) return { version, groups: undefined };
  const groups: NonNullable<Toolgroups["groups"]> = [];
  for (const group of entriesOf(await get("/v1/toolgroups"))) {
    const url: unknown = Object(group.mcp_endpoint).uri;
    if (typeof url !== "string") continue;
    const id = String(group.identifier);
    const listed = entriesOf(await get(`/v1/tools?toolgroup_id=${encodeURIComponent(id)}`));
    groups.push({ id, url, tools: listed.map((tool) => String(tool.name ?? tool.identifier)) });
  }
  return { version, groups };
}

function entriesOf(body: Record<string, unknown> | undefined): Record<string, unknown>[] {
  return Array.isArray(body?.data) ? body.data.map(Object) : [];
}
