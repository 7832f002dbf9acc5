import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { pngBase64 } from "./media.ts";

const resourceNotFound = -32002;

const resources = [
  { uri: "test://static-text", name: "Static text", mimeType: "text/plain" },
  { uri: "test://static-binary", name: "Static binary", mimeType: "image/png" },
  { uri: "test://embedded-resource", name: "Embedded", mimeType: "text/plain" },
  { uri: "test://watched-resource", name: "Watched", mimeType: "text/plain" },
];

const resourceTemplates = [
  { uriTemplate: "test://template/{id}/data", name: "Template", mimeType: "application/json" },
];

export function addResources(server: Server): void {
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates }));
  server.setRequestHandler(SubscribeRequestSchema, () => ({}));
  server.setRequestHandler(UnsubscribeRequestSchema, () => ({}));
  server.setRequestHandler(ReadResourceRequestSchema, ({ params }) => ({
    contents: [readContent(params.uri)],
  }));
}

function readContent(
  uri: string,
): { uri: string; mimeType: string } & ({ text: string } | { blob: string }) {
  const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
  if (id !== undefined) {
    const text = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
    return { uri, mimeType: "application/json", text };
  }
  const found = resources.find((resource) => resource.uri === uri);
  if (found === undefined) throw new McpError(resourceNotFound, "Resource not found", { uri });
  if (found.mimeType === "image/png") return { uri, mimeType: found.mimeType, blob: pngBase64 };
  return { uri, mimeType: found.mimeType, text: `This is the content of ${found.name}.` };
}
