import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import {
  StreamableHTTPClientTransport,
  StreamableHTTPError,
} from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import type { Secret } from "../core/secret.ts";
import { version } from "../core/version.ts";
import { AgentFailure } from "./failure.ts";
import type { StepOutput } from "./port.ts";

/** How long connecting may take, in milliseconds. */
const connectLimitMs = 10_000;
/** How long before each further attempt, in milliseconds: a server that was killed is back within the sum. */
const retryDelaysMs: readonly number[] = [200, 800, 2_000];

/** What a tool answered. */
export interface ToolAnswer {
  readonly isError: boolean;
  readonly output: StepOutput;
  /** The reason of an error, in the server's words. */
  readonly error: string;
}

/** A tool as its server lists it. */
export interface ListedTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** Whether it says that it changes nothing. */
  readonly isReadOnly: boolean;
}

/** An MCP server that is reached over HTTP. */
export interface ToolServer {
  readonly label: string;
  readonly url: string;
  /**
   * Calls a tool; a lost connection is made again, because every tool of a run may be called twice.
   * @throws AgentFailure `TOOL_SERVER_UNAVAILABLE`, and whatever the signal was aborted with.
   */
  call(
    name: string,
    args: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<ToolAnswer>;
  listTools(signal: AbortSignal): Promise<readonly ListedTool[]>;
  close(): Promise<void>;
}

/** Opens a server; nothing is connected before the first call. `url` may end in /mcp or /sse. */
export function openToolServer(options: {
  label: string;
  url: string;
  token: Secret | undefined;
  /** How long one call may take, in milliseconds. */
  callLimitMs: number;
  /** False where a call must not be made twice: then a lost connection is the caller's to deal with. */
  isRepeatable?: boolean;
}): ToolServer {
  return new HttpToolServer(options);
}

class HttpToolServer implements ToolServer {
  readonly label: string;
  readonly url: string;
  readonly #headers: Record<string, string>;
  readonly #callLimitMs: number;
  readonly #retryDelaysMs: readonly number[];
  #connection: Promise<Client> | undefined;

  constructor(options: Parameters<typeof openToolServer>[0]) {
    this.label = options.label;
    this.url = options.url;
    this.#callLimitMs = options.callLimitMs;
    this.#retryDelaysMs = options.isRepeatable === false ? [] : retryDelaysMs;
    this.#headers = options.token ? { authorization: `Bearer ${options.token.reveal()}` } : {};
  }

  call(
    name: string,
    args: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<ToolAnswer> {
    return this.#withClient(signal, async (client) => {
      const options = { signal, timeout: this.#callLimitMs };
      const result = await client.callTool({ name, arguments: { ...args } }, undefined, options);
      return answerOf(result);
    });
  }

  listTools(signal: AbortSignal): Promise<readonly ListedTool[]> {
    return this.#withClient(signal, async (client) => {
      const options = { signal, timeout: connectLimitMs };
      const { tools } = await client.listTools({}, options).catch((error: unknown) => {
        throw error instanceof McpError && !lostCodes.has(error.code)
          ? this.#refused(error)
          : error;
      });
      return tools.map(({ name, description = "", inputSchema, annotations }) => ({
        name,
        description,
        inputSchema,
        isReadOnly: annotations?.readOnlyHint === true,
      }));
    });
  }

  async close(): Promise<void> {
    const client = await this.#connection?.catch(() => undefined);
    this.#connection = undefined;
    await client?.close();
  }

  async #withClient<Result>(
    signal: AbortSignal,
    work: (client: Client) => Promise<Result>,
  ): Promise<Result> {
    for (const delayMs of [...this.#retryDelaysMs, undefined]) {
      signal.throwIfAborted();
      try {
        return await work(await this.#connect());
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        if (error instanceof AgentFailure) throw error;
        // The server has answered: it is there, and asking again would change nothing.
        if (error instanceof McpError && !lostCodes.has(error.code)) throw error;
        await this.close();
        if (delayMs === undefined || isFinal(error)) throw this.#unavailable(error);
        await delay(delayMs, signal);
      }
    }
    throw new Error("the loop above returns or throws");
  }

  #connect(): Promise<Client> {
    this.#connection ??= this.#open().catch((error: unknown) => {
      this.#connection = undefined;
      throw error;
    });
    return this.#connection;
  }

  async #open(): Promise<Client> {
    const url = new URL(this.url);
    const options = { requestInit: { headers: this.#headers } };
    try {
      return await connect(new StreamableHTTPClientTransport(url, options));
    } catch (error) {
      const status = error instanceof StreamableHTTPError ? error.code : undefined;
      if (status === undefined || ![400, 404, 405].includes(status)) throw error;
      // An older server that speaks HTTP+SSE only (MCP 2025-11-25, transports, backwards compatibility).
      return await connect(new SSEClientTransport(url, options));
    }
  }

  #refused(error: McpError): AgentFailure {
    const message = `Cannot list the tools of ${this.label} at ${this.url}: ${error.message}`;
    return new AgentFailure("TOOL_SERVER_UNAVAILABLE", message, { cause: error });
  }

  #unavailable(error: unknown): AgentFailure {
    const reason = isFinal(error) ? "it refuses the token" : "it cannot be reached";
    const message = `Cannot call ${this.label} at ${this.url}: ${reason}`;
    return new AgentFailure("TOOL_SERVER_UNAVAILABLE", message, { cause: error });
  }
}

/** Errors that the client makes itself when nobody answers. */
const lostCodes: ReadonlySet<number> = new Set([
  ErrorCode.ConnectionClosed,
  ErrorCode.RequestTimeout,
]);

async function connect(transport: Transport): Promise<Client> {
  const client = new Client({ name: "claims-agent", version });
  await client.connect(transport, { timeout: connectLimitMs });
  return client;
}

/** A refused token stays refused. */
function isFinal(error: unknown): boolean {
  const status = Object(error).code;
  return status === 401 || status === 403 || Object(error).name === "UnauthorizedError";
}

function answerOf(result: Record<string, unknown>): ToolAnswer {
  const output = outputOf(result);
  const isError = result.isError === true || output.success === false;
  return { isError, output, error: isError ? reasonOf(output) : "" };
}

function outputOf(result: Record<string, unknown>): StepOutput {
  const { structuredContent } = result;
  if (typeof structuredContent === "object" && structuredContent !== null) {
    return { ...structuredContent };
  }
  const parts = Array.isArray(result.content) ? result.content : [];
  return parseOutput(parts.map((part: unknown) => String(Object(part).text ?? "")).join("\n"));
}

/** A tool's text as an object; what is not JSON stands under `text`. */
export function parseOutput(text: string): StepOutput {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
    return { value };
  } catch {
    return { text };
  }
}

/** Why a tool failed, as far as its output says. */
export function reasonOf(output: StepOutput): string {
  const { error, detail, text } = output;
  const said = [error, detail, text].filter((part) => typeof part === "string" && part !== "");
  return said.length > 0 ? [...new Set(said)].join(": ") : "the tool failed without a reason";
}

function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener("abort", finish);
  });
}
