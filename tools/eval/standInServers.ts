import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

/** One MCP server of a request, connected and listed. */
export interface ServerTools {
  label: string;
  /** The tools that the request allows. */
  tools: readonly string[];
  /** Whether a tool waits for approval. */
  isWaiting(tool: string): boolean;
  client: Client;
}

/** A server that cannot be used, with the status that Llama Stack answers with. */
export class UnreachableServer extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Connects to every MCP server that a request names. @throws UnreachableServer */
export async function connectServers(
  tools: readonly Record<string, unknown>[],
): Promise<ServerTools[]> {
  const servers: ServerTools[] = [];
  for (const tool of tools.filter(({ type }) => type === "mcp")) {
    const token = tool.authorization;
    const client = new Client({ name: "stand-in", version: "1.0.0" });
    const transport = new StreamableHTTPClientTransport(new URL(String(tool.server_url)), {
      requestInit: {
        headers: typeof token === "string" ? { authorization: `Bearer ${token}` } : {},
      },
    });
    await client.connect(transport).catch((error: unknown) => {
      const isRefused = Object(error).code === 401 || Object(error).name === "UnauthorizedError";
      throw new UnreachableServer(
        isRefused ? 401 : 502,
        isRefused ? "Unauthorized" : `Failed to connect to MCP server at ${tool.server_url}`,
      );
    });
    const listed = (await client.listTools()).tools.map(({ name }) => name);
    const allowed: unknown[] = Array.isArray(tool.allowed_tools) ? tool.allowed_tools : [];
    servers.push({
      label: String(tool.server_label),
      tools: listed.filter((name) => allowed.length === 0 || allowed.includes(name)),
      isWaiting: (name) => isWaiting(tool.require_approval, name),
      client,
    });
  }
  return servers;
}

export async function closeServers(servers: readonly ServerTools[]): Promise<void> {
  await Promise.all(servers.map(({ client }) => client.close()));
}

function isWaiting(requireApproval: unknown, name: string): boolean {
  const { always } = Object(requireApproval);
  return requireApproval === "always" || (Array.isArray(always) && always.includes(name));
}
