import { AppError } from "../core/fault.ts";
import { formsOf, LlamaStack } from "./llama-stack.ts";

/** How long Berth may take to list a server's tools, in milliseconds. */
const listLimitMs = 30_000;

export interface RegisterOptions {
  /** The address of the Llama Stack. */
  llamaStack: string;
  /** Berth's address as the Llama Stack reaches it. */
  berth: string;
  names: readonly string[];
  /** What Berth wants as a bearer token; the printed forms only name the variable. */
  token?: string | undefined;
}

/** What was done for one server. */
export interface Registered {
  name: string;
  url: string;
  tools: string[];
  /** The id of the toolgroup, where the version has them. */
  toolgroup: string | null;
  /** What goes into `tools` of a request to the Responses API: the one form that every version takes. */
  responsesTool: Record<string, unknown>;
}

export interface Registration {
  version: string;
  servers: Registered[];
  /** For the configuration of versions from 0.5 on. */
  connectors: string | null;
}

/** Where a Llama Stack finds a server: below `/text`, because it fails on anything but text. */
export function serverUrl(berth: string, name: string): string {
  return `${berth.replace(/\/+$/, "")}/${name}/text/mcp`;
}

/** Tells a Llama Stack of servers in the forms that its version understands, and checks by listing. */
export async function register(options: RegisterOptions): Promise<Registration> {
  const stack = new LlamaStack(options.llamaStack);
  const version = await stack.readVersion();
  const forms = formsOf(version);
  const servers: Registered[] = [];
  for (const name of options.names) {
    const url = serverUrl(options.berth, name);
    const tools = await listTools(url, name, options.token);
    const toolgroup = forms.toolgroups ? `mcp::${name}` : null;
    if (toolgroup !== null) {
      await stack.registerToolgroup(toolgroup, url);
      const found = await stack.listTools(toolgroup, url, options.token);
      checkListed(name, { expected: tools, found, url });
    }
    const responsesTool = {
      type: "mcp",
      server_label: name,
      server_url: url,
      require_approval: "never",
      ...(options.token !== undefined && tokenMember(forms.token)),
    };
    servers.push({ name, url, tools, toolgroup, responsesTool });
  }
  return { version, servers, connectors: forms.connectors ? connectorsOf(servers) : null };
}

/** The `connectors:` part of a configuration; an entry that is not in it is deleted at the next start. */
export function connectorsOf(servers: readonly { name: string; url: string }[]): string {
  const entries = servers.map(
    ({ name, url }) => `  - connector_id: ${JSON.stringify(name)}
    connector_type: mcp
    server_label: ${JSON.stringify(name)}
    url: ${JSON.stringify(url)}`,
  );
  return `connectors:\n${entries.join("\n")}`;
}

/** What a client has to send; the secret itself is never printed. */
function tokenMember(form: "headers" | "authorization"): Record<string, unknown> {
  const name = `\${BERTH_TOKEN}`;
  return form === "headers"
    ? { headers: { Authorization: `Bearer ${name}` } }
    : { authorization: name };
}

/** Asks Berth itself, so that a wrong name or address is told apart from a Llama Stack that cannot reach it. */
async function listTools(url: string, name: string, token: string | undefined): Promise<string[]> {
  const headers: Record<string, string> = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
  const signal = AbortSignal.timeout(listLimitMs);
  const response = await fetch(url, { method: "POST", headers, body, signal }).catch(
    (cause: unknown) => {
      throw new AppError("unavailable", `Cannot list the tools of "${name}": no answer at ${url}`, {
        hint: "Start `berth serve`, and give its address with --berth.",
        cause,
      });
    },
  );
  const text = await response.text();
  const data = /^data: (\{.*\})$/m.exec(text)?.[1];
  if (!response.ok || data === undefined) {
    const state = `HTTP ${response.status} ${text.slice(0, 300)}`.trim();
    throw new AppError(
      "upstream_invalid",
      `Cannot list the tools of "${name}" at ${url}: ${state}`,
    );
  }
  // Berth has made it; each entry is a tool with its name.
  const { result } = JSON.parse(data) as { result?: { tools?: { name: string }[] } };
  return (result?.tools ?? []).map((tool) => tool.name);
}

function checkListed(
  name: string,
  { expected, found, url }: { expected: string[]; found: string[]; url: string },
): void {
  const missing = expected.filter((tool) => !found.includes(tool));
  if (missing.length === 0) return;
  throw new AppError(
    "unavailable",
    `Cannot register "${name}": the Llama Stack lists ${found.length} of its ${expected.length} tools`,
    {
      hint: `The Llama Stack must reach ${url} itself, and it keeps lists of earlier registrations until it restarts.`,
    },
  );
}
