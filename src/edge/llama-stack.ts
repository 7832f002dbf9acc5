import { AppError } from "../core/fault.ts";

/** How long a Llama Stack may take to answer, in milliseconds: listing makes it connect to the server. */
const answerLimitMs = 30_000;

/** What a version of Llama Stack (OGX since 0.8) understands; see `formsOf`. */
export interface StackForms {
  /** `POST /v1/toolgroups`: up to 0.6; from 0.7 on it answers 404. */
  toolgroups: boolean;
  /** `connectors:` in its configuration: from 0.5 on. */
  connectors: boolean;
  /** Where a bearer token goes in the Responses tool: `headers` up to 0.3, `authorization` from 0.4 on. */
  token: "headers" | "authorization";
}

/** What a version understands. What cannot be read is taken for the newest. */
export function formsOf(version: string): StackForms {
  const [, major = "1", minor = "0"] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  const release = Number(major) * 1000 + Number(minor);
  return {
    toolgroups: release <= 6,
    connectors: release >= 5,
    token: release <= 3 ? "headers" : "authorization",
  };
}

/** The few calls of a running Llama Stack that registering takes. */
export class LlamaStack {
  readonly #url: string;

  /** `url` is its address, with or without `/v1`. */
  constructor(url: string) {
    this.#url = url.replace(/\/+$/, "").replace(/\/v1$/, "");
  }

  async readVersion(): Promise<string> {
    const body = await this.#call("GET", "/v1/version");
    const version = isRecord(body) ? body.version : undefined;
    if (typeof version === "string") return version;
    throw new AppError(
      "upstream_invalid",
      `Cannot read the version of ${this.#url}: it names none`,
      {
        hint: "Check that --llama-stack is the address of a Llama Stack, for example http://localhost:8321.",
      },
    );
  }

  /** Registers a server as a toolgroup, in the place of one of the same name at another address. */
  async registerToolgroup(id: string, uri: string): Promise<void> {
    const listed = dataOf(await this.#call("GET", "/v1/toolgroups"));
    const known = listed.find(({ identifier }) => identifier === id);
    const endpoint = isRecord(known?.mcp_endpoint) ? known.mcp_endpoint.uri : undefined;
    if (endpoint === uri) return;
    if (known !== undefined) {
      await this.#call("DELETE", `/v1/toolgroups/${encodeURIComponent(id)}`);
    }
    const body = {
      toolgroup_id: id,
      provider_id: "model-context-protocol",
      mcp_endpoint: { uri },
    };
    await this.#call("POST", "/v1/toolgroups", { body });
  }

  /**
   * The tools that it finds at a server's address: an unreachable one is registered all the same and then lists none, and one
   * that was registered at another address before still lists what was there, until the Llama Stack restarts.
   */
  async listTools(toolgroupId: string, uri: string, token: string | undefined): Promise<string[]> {
    const path = `/v1/tools?toolgroup_id=${encodeURIComponent(toolgroupId)}`;
    // The token goes with this request alone; nothing of it is kept there.
    const known = { mcp_headers: { [uri]: { Authorization: `Bearer ${token}` } } };
    const headers = token !== undefined && { "x-llamastack-provider-data": JSON.stringify(known) };
    const body = await this.#call("GET", path, { headers });
    return dataOf(body)
      .filter(({ metadata }) => !isRecord(metadata) || (metadata.endpoint ?? uri) === uri)
      .map(({ identifier, name }) => String(name ?? identifier));
  }

  async #call(
    method: string,
    path: string,
    { body, headers }: { body?: object; headers?: Record<string, string> | false } = {},
  ): Promise<unknown> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      signal: AbortSignal.timeout(answerLimitMs),
      headers: { "content-type": "application/json", ...headers },
      ...(body && { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new AppError("unavailable", `Cannot reach the Llama Stack at ${this.#url}: no answer`, {
        hint: "Check --llama-stack and that it is running.",
        cause,
      });
    });
    const text = await response.text();
    if (!response.ok) {
      const state = `HTTP ${response.status} ${text.slice(0, 300)}`.trim();
      throw new AppError("upstream_invalid", `Cannot ${method} ${path} at ${this.#url}: ${state}`);
    }
    return text === "" ? null : JSON.parse(text);
  }
}

/** Lists come as `{"data": […]}`; version 0.2 gives some as they are. */
function dataOf(body: unknown): Record<string, unknown>[] {
  const data = isRecord(body) ? body.data : body;
  return Array.isArray(data) ? data.filter(isRecord) : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
