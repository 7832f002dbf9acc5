import { type Response, resultOf } from "../wire/message.ts";
import type { ListedTool } from "./tool-filter.ts";

/**
 * Llama Stack fails the whole response on an image, does not know audio and links, drops embedded resources and
 * `structuredContent`, and turns a JSON-RPC error into an opaque one. Here it gets text, always.
 */
export function textAnswer(response: Response): Response {
  if ("error" in response) {
    const { message } = response.error;
    const content = [{ type: "text", text: message }];
    return resultOf(response.id ?? 0, { content, isError: true });
  }
  const { content, structuredContent, ...rest } = response.result;
  const parts = Array.isArray(content) ? content.flatMap(textParts) : [];
  if (parts.length === 0) {
    const text =
      structuredContent === undefined ? "(no output)" : JSON.stringify(structuredContent);
    parts.push({ type: "text", text });
  }
  return { ...response, result: { ...rest, content: parts } };
}

/** Without `outputSchema` no client misses the structured content. */
export function textTool({ outputSchema, ...tool }: ListedTool): ListedTool {
  return tool;
}

interface TextPart {
  type: "text";
  text: string;
}

/** Members of the content parts of MCP; a part of another form shows as its JSON. */
interface ContentPart {
  type?: unknown;
  text?: unknown;
  data?: unknown;
  mimeType?: unknown;
  name?: unknown;
  uri?: unknown;
  description?: unknown;
  resource?: { uri?: unknown; text?: unknown; mimeType?: unknown };
}

function textParts(given: unknown): TextPart[] {
  if (typeof given !== "object" || given === null) return [];
  const part: ContentPart = given;
  switch (part.type) {
    case "text":
      return [text(String(part.text))];
    case "image":
    case "audio":
      return [text(`[${part.type} ${part.mimeType}, ${byteCount(part.data)} bytes, left out]`)];
    case "resource_link":
      return [text([part.name, part.uri, part.description].filter(Boolean).join(" "))];
    case "resource": {
      const { uri, text: inside, mimeType } = part.resource ?? {};
      return [text(typeof inside === "string" ? inside : `[${mimeType} at ${uri}, left out]`)];
    }
    default:
      return [text(JSON.stringify(given))];
  }
}

function text(content: string): TextPart {
  return { type: "text", text: content };
}

function byteCount(base64: unknown): number {
  return typeof base64 === "string" ? Math.floor((base64.length * 3) / 4) : 0;
}
