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
  const json = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema: node }) => {
      if (Array.isArray(node.type)) splitType(node, node.type);
      // zod bounds every integer by what a double holds; to a model that is noise.
      if (node.minimum === Number.MIN_SAFE_INTEGER) delete node.minimum;
      if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum;
    },
  });
  const { $schema: _, ...rest } = json;
  return rest;
}

/**
 * Clients check a failure's structured content against the output schema as well, although it has the members of a
 * failure; so the outermost object demands no member and refuses none.
 */
function openSchema(schema: Record<string, unknown>): Record<string, unknown> {
  const { required: _, additionalProperties: __, ...open } = schema;
  return open;
}

/** Several back ends of models read `anyOf` but no list of types; the meaning is the same. */
function splitType(node: Record<string, unknown>, types: readonly string[]): void {
  const { type: _, ...rest } = node;
  for (const name of Object.keys(node)) delete node[name];
  Object.assign(node, { anyOf: types.map((type) => ({ type })), ...rest });
}
