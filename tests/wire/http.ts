/** Headers of a legacy POST, as every client sends them. */
export const postHeaders = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
};

/** Posts one JSON-RPC message; without an id it is a notification. */
export function post(
  url: string,
  message: object,
  headers: Record<string, string> = {},
): Promise<Response> {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  return fetch(url, { method: "POST", headers: { ...postHeaders, ...headers }, body });
}

/** Posts one message of 2026-07-28 with everything that it must carry. */
export function postModern(
  url: string,
  { id = 1, method, params = {} }: { id?: string | number; method: string; params?: Params },
  { capabilities = {}, headers = {}, signal }: ModernPost = {},
): Promise<Response> {
  const name = params.name ?? params.uri;
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": capabilities,
    ...params._meta,
  };
  return fetch(url, {
    method: "POST",
    headers: {
      ...postHeaders,
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": method,
      ...(typeof name === "string" ? { "mcp-name": name } : undefined),
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: "2.0", id, method, params: { ...params, _meta } }),
    ...(signal ? { signal } : undefined),
  });
}

type Params = { _meta?: Record<string, unknown>; [name: string]: unknown };

interface ModernPost {
  capabilities?: object;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** One server-sent event. */
export interface ServerEvent {
  event?: string;
  id?: string;
  data: string;
}

/** Reads a stream event by event; keep-alive comments are left out. */
export async function* readEvents(response: Response): AsyncGenerator<ServerEvent> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf("\n\n"); end !== -1; end = text.indexOf("\n\n")) {
      const lines = text.slice(0, end).split("\n");
      text = text.slice(end + 2);
      const fields = Object.fromEntries(
        lines.filter((line) => !line.startsWith(":")).map((line) => line.split(/: ?(.*)/s, 2)),
      );
      if (fields.data !== undefined) yield { ...fields, data: fields.data };
    }
  }
}

/** The JSON-RPC messages of an answer, whether it is a stream or one body. */
export async function messagesOf(response: Response): Promise<unknown[]> {
  if (response.headers.get("content-type") === "application/json") return [await response.json()];
  const messages: unknown[] = [];
  for await (const { data } of readEvents(response))
    if (data !== "") messages.push(JSON.parse(data));
  return messages;
}

/** Opens a session and says that it is initialized. */
export async function openSession(
  url: string,
  capabilities: object = {},
  protocolVersion = "2025-11-25",
): Promise<string> {
  const clientInfo = { name: "test", version: "1.0.0" };
  const params = { protocolVersion, capabilities, clientInfo };
  const response = await post(url, { id: 0, method: "initialize", params });
  await response.text();
  const id = response.headers.get("mcp-session-id") ?? "";
  await post(url, { method: "notifications/initialized" }, { "mcp-session-id": id });
  return id;
}
