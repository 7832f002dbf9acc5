import { version } from "../core/version.ts";
import type { ListedTool } from "./tool-filter.ts";

/** The tools of one server as an OpenAPI 3.1 document: each is one POST with its arguments as the body. */
export function openApiOf(name: string, title: string, tools: readonly ListedTool[]): object {
  return {
    openapi: "3.1.0",
    info: { title, version, description: `The MCP tools of "${name}" as plain HTTP calls.` },
    servers: [{ url: `/${name}` }],
    paths: Object.fromEntries(
      tools.map((tool) => [`/tools/${encodeURIComponent(tool.name)}`, pathOf(tool)]),
    ),
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
      schemas: { Problem: problemSchema },
    },
    security: [{ bearer: [] }, {}],
  };
}

function pathOf(tool: ListedTool): object {
  const { name, title, description, inputSchema = {}, outputSchema = {} } = tool;
  return {
    post: {
      operationId: name.replace(/[^A-Za-z0-9_]/g, "_"),
      summary: title ?? name,
      ...(description && { description }),
      requestBody: { required: true, content: json(inputSchema) },
      responses: {
        "200": { description: "What the tool has answered", content: json(outputSchema) },
        "400": problem("The arguments are not those of the tool"),
        "404": problem("No such tool"),
        "422": problem("The tool has failed; the message says why"),
        "429": problem("Too busy; see Retry-After"),
        "502": problem("The server has failed"),
      },
    },
  };
}

function json(schema: unknown): object {
  return { "application/json": { schema } };
}

function problem(description: string): object {
  return { description, content: json({ $ref: "#/components/schemas/Problem" }) };
}

const problemSchema = {
  type: "object",
  properties: { error: { type: "string" }, message: { type: "string" } },
  required: ["error", "message"],
};
