import * as z from "zod";
import type { Tool } from "./tool.ts";

/** A tool as tools/list, --manifest and the docs show it (MCP 2025-11-25, server/tools, "Tool"). */
export interface ListedTool {
  name: string;
  title: string;
  description: string;
  inputSchema: Record<string, unknown>;
  outputSchema: Record<string, unknown>;
  annotations: {
    title: string;
    readOnlyHint: boolean;
    destructiveHint: boolean;
    idempotentHint: boolean;
    openWorldHint: boolean;
  };
}

/** The listed form of a tool; made once, on the first tools/list, because the schemas take milliseconds. */
export function listTool<Deps>(tool: Tool<Deps>): ListedTool {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: jsonSchema(tool.input, "input"),
    outputSchema: openSchema(jsonSchema(tool.output, "output")),
    annotations: {
      title: tool.title,
      readOnlyHint: tool.effect === "read",
      destructiveHint: tool.effect === "destroy",
      idempotentHint: tool.idempotent,
      openWorldHint: false,
    },
  };
}

function jsonSchema(schema: z.ZodObject, io: "input" | "output"): Record<string, unknown> {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io });
  return Object(tidy(json, io));
}

/**
 * Makes a schema easier on its readers. Back ends of models read `anyOf` but no list of types. Output schemas are read by
 * clients alone, of which Python's checks them against the meta-schema at every call: there a list takes half the time. zod
 * bounds every integer by what a double holds, which is noise.
 */
function tidy(node: unknown, io: "input" | "output"): unknown {
  if (Array.isArray(node)) return node.map((part) => tidy(part, io));
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node)
    .filter(([, value]) => value !== Number.MIN_SAFE_INTEGER && value !== Number.MAX_SAFE_INTEGER)
    .map(([name, value]) =>
      io === "input" && name === "type" && Array.isArray(value)
        ? ["anyOf", value.map((type) => ({ type }))]
        : [name, tidy(value, io)],
    );
  return Object.fromEntries(entries);
}

/**
 * Clients check a failure's structured content against the output schema as well, although it has the members of a
 * failure; so the outermost object demands no member and refuses none.
 */
function openSchema(schema: Record<string, unknown>): Record<string, unknown> {
  const { required: _, additionalProperties: __, ...open } = schema;
  return open;
}
