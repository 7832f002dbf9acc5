import { AgentFailure } from "../../src/agent/failure.ts";
import { openStack, type Stack } from "../../src/agent/llama/stack.ts";
import { AppError } from "../../src/core/fault.ts";
import type { AgentValues } from "./settings.ts";

/** How long the list of models may take, in milliseconds. */
const modelsLimitMs = 10_000;
/** The most models that a message names, and the most of a server's own words, in UTF-16 units. */
const namedLimitCount = 5;
const saidLimit = 600;

/** The settings that say where the model is. */
export type EndpointValues = Pick<
  AgentValues,
  "llamaStackUrl" | "model" | "apiKey" | "timeoutSeconds"
>;

/** The server that runs the model. */
export interface Endpoint {
  stack: Stack;
  /** @throws AppError `unavailable` when nobody answers, `not_found` when the server has no such model. */
  checkModel(signal: AbortSignal): Promise<void>;
}

/** Opens the server of the settings; nothing is connected before the first call. */
export function openEndpoint(values: EndpointValues): Endpoint {
  const { llamaStackUrl: url, apiKey, timeoutSeconds } = values;
  return {
    stack: openStack({ url, apiKey, timeoutSeconds }),
    async checkModel(signal) {
      const models = await listModels(values, signal);
      // Some servers list no models, or not all of them.
      if (models.length === 0 || models.includes(values.model)) return;
      throw new AppError(
        "not_found",
        `Cannot use the model "${values.model}": ${url} has no model of that name`,
        { hint: `Set INFERENCE_MODEL to one of: ${models.slice(0, namedLimitCount).join(", ")}.` },
      );
    },
  };
}

async function listModels(values: EndpointValues, signal: AbortSignal): Promise<string[]> {
  const { llamaStackUrl: url, apiKey } = values;
  const response = await fetch(`${url}/v1/models`, {
    headers: apiKey ? { authorization: `Bearer ${apiKey.reveal()}` } : {},
    signal: AbortSignal.any([signal, AbortSignal.timeout(modelsLimitMs)]),
  }).catch((cause: unknown) => {
    if (signal.aborted) throw signal.reason;
    throw unreachable(url, cause);
  });
  if (response.status === 401 || response.status === 403) {
    throw new AppError("unauthorized", `Cannot use ${url}: it answers HTTP ${response.status}`, {
      hint: "Set LLAMA_STACK_API_KEY to the key that it asks for.",
    });
  }
  const body: unknown = response.ok ? await response.json().catch(() => undefined) : undefined;
  const data: unknown = Object(body).data;
  // Llama Stack 0.3 calls a model's id its identifier.
  return (Array.isArray(data) ? data : []).flatMap((model: unknown) => {
    const { id, identifier } = Object(model);
    return typeof id === "string" ? [id] : typeof identifier === "string" ? [identifier] : [];
  });
}

/** A failure of the client in words that say what to do; whatever else is thrown stays as it is. */
export function inOurWords(error: unknown, { llamaStackUrl: url, model }: AgentValues): unknown {
  if (!(error instanceof AgentFailure)) return error;
  const said = error.cause instanceof Error ? error.cause.message.slice(0, saidLimit) : "";
  const status: unknown = Object(error.cause).status;
  if (error.reason === "AGENT_TIMEOUT") {
    return new AppError(
      "timeout",
      `Cannot get an answer of "${model}" at ${url}: it took too long`,
      {
        hint: "Give it more time with --timeout.",
        cause: error,
      },
    );
  }
  if (status === undefined && error.reason === "AGENT_UNAVAILABLE") return unreachable(url, error);
  return new AppError(
    "upstream_invalid",
    `Cannot get an answer of "${model}" at ${url}: ${said || error.message}`,
    {
      hint: "The server calls the MCP servers itself: their addresses have to be right from where it runs. See docs/llama-stack.md, Troubleshooting.",
      cause: error,
    },
  );
}

function unreachable(url: string, cause: unknown): AppError {
  return new AppError("unavailable", `Cannot reach ${url}: nobody answers there`, {
    hint: "Start Llama Stack, or set LLAMA_STACK_BASE_URL to where it is; docs/llama-stack.md says how.",
    cause,
  });
}
