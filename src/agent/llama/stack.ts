import OpenAI from "openai";
import type { Secret } from "../../core/secret.ts";
import { AgentFailure } from "../failure.ts";
import { formsOf, type StackForms } from "./forms.ts";

/** How long the look-ups beside the model's work may take, in milliseconds. */
const lookUpLimitMs = 10_000;
/** How long the version that was found counts, in milliseconds. */
const versionAgeMs = 600_000;

/** A request of the Responses API; Llama Stack takes more members than OpenAI's types know. */
export type ResponseRequest = Readonly<Record<string, unknown>>;

/** One event of a response's stream: `type` names it, the rest is looked at where it is needed. */
export type StackEvent = { readonly type: string } & Readonly<Record<string, unknown>>;

/** What a shield says of a text. */
export type ShieldAnswer = "clean" | "violation" | "unavailable";

/** A Llama Stack server of any version from 0.3 on. */
export interface Stack {
  /** The forms that its version understands; asked for once in a while. */
  forms(signal: AbortSignal): Promise<StackForms>;
  /**
   * Starts a response and yields its events. Ends with the stream, whole or not: the caller looks for the closing event.
   * @throws AgentFailure
   */
  stream(request: ResponseRequest, signal: AbortSignal): AsyncGenerator<StackEvent>;
  runShield(shieldId: string, text: string, signal: AbortSignal): Promise<ShieldAnswer>;
}

/** Opens a client; nothing is connected before the first call. */
export function openStack(options: {
  url: string;
  apiKey: Secret | undefined;
  timeoutSeconds: number;
}): Stack {
  const timeoutMs = options.timeoutSeconds * 1_000;
  const root = options.url.replace(/\/v1$/, "");
  const apiKey = options.apiKey?.reveal() ?? "none";
  const headers = { authorization: `Bearer ${apiKey}` };
  const client = new OpenAI({
    baseURL: `${root}/v1`,
    apiKey,
    maxRetries: 0,
    timeout: timeoutMs,
    // Its own log would repeat what the model wrote.
    logLevel: "off",
  });
  let known: { version: string; untilMs: number } | undefined;
  return {
    async forms(signal) {
      if (known !== undefined && performance.now() < known.untilMs) return formsOf(known.version);
      const version = await readVersion(`${root}/v1/version`, headers, signal);
      // What was not told may be told next time.
      if (version !== "") known = { version, untilMs: performance.now() + versionAgeMs };
      return formsOf(version);
    },
    stream: (request, signal) => streamWithRetry(client, request, { signal, timeoutMs }),
    runShield: (shieldId, text, signal) =>
      askShield(`${root}/v1`, headers, { shieldId, text, signal }),
  };
}

/** A stack that does not tell its version is taken for a new one. */
async function readVersion(
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<string> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(lookUpLimitMs)]);
  const body: unknown = await fetch(url, { headers, signal: limit })
    .then((response) => (response.ok ? response.json() : undefined))
    .catch(() => undefined);
  return String(Object(body).version ?? "");
}

/** A connection that failed before the first event is tried once more. */
async function* streamWithRetry(
  client: OpenAI,
  request: ResponseRequest,
  limits: { signal: AbortSignal; timeoutMs: number },
): AsyncGenerator<StackEvent> {
  let hasBegun = false;
  // The client's own timeout ends with the answer's head; a stream may trickle for ever.
  const limit = AbortSignal.timeout(limits.timeoutMs);
  const signal = AbortSignal.any([limits.signal, limit]);
  for (const isLast of [false, true]) {
    try {
      for await (const event of await openStream(client, request, { ...limits, signal })) {
        hasBegun = true;
        if (isStackEvent(event)) yield event;
      }
      // An aborted stream ends as if it were whole.
      if (!signal.aborted) return;
      throw signal.reason;
    } catch (error) {
      if (limits.signal.aborted) throw limits.signal.reason;
      if (limit.aborted) throw new AgentFailure("AGENT_TIMEOUT", "Llama Stack did not end in time");
      const failure = failureOf(error, hasBegun);
      const isRetried = !isLast && !hasBegun && error instanceof OpenAI.APIConnectionError;
      if (failure === undefined) throw error;
      if (!isRetried || error instanceof OpenAI.APIConnectionTimeoutError) throw failure;
    }
  }
}

function openStream(
  client: OpenAI,
  request: ResponseRequest,
  { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number },
): Promise<AsyncIterable<unknown>> {
  const body = { ...request, stream: true };
  return client.post<AsyncIterable<unknown>>("/responses", {
    body,
    signal,
    timeout: timeoutMs,
    stream: true,
  });
}

/** The failure that an error of the client stands for; undefined for a bug. */
function failureOf(error: unknown, hasBegun: boolean): AgentFailure | undefined {
  if (error instanceof OpenAI.APIConnectionTimeoutError) {
    return new AgentFailure("AGENT_TIMEOUT", "Llama Stack did not answer in time", {
      cause: error,
    });
  }
  if (error instanceof OpenAI.APIError && error.status !== undefined) {
    const message = `Llama Stack answers HTTP ${error.status}`;
    return new AgentFailure("AGENT_UNAVAILABLE", message, { cause: error });
  }
  if (hasBegun || error instanceof SyntaxError) {
    const message = "Llama Stack's answer broke off";
    return new AgentFailure("AGENT_STREAM_BROKEN", message, { cause: error });
  }
  if (error instanceof OpenAI.APIError || error instanceof TypeError) {
    return new AgentFailure("AGENT_UNAVAILABLE", "Llama Stack cannot be reached", { cause: error });
  }
  return undefined;
}

async function askShield(
  base: string,
  headers: Record<string, string>,
  { shieldId, text, signal }: { shieldId: string; text: string; signal: AbortSignal },
): Promise<ShieldAnswer> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(lookUpLimitMs)]);
  const body = { shield_id: shieldId, messages: [{ role: "user", content: text }], params: {} };
  const answer: unknown = await fetch(`${base}/safety/run-shield`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: limit,
  })
    .then((response) => (response.ok ? response.json() : undefined))
    .catch(() => undefined);
  if (typeof answer !== "object" || answer === null) return "unavailable";
  return Object(answer).violation ? "violation" : "clean";
}

function isStackEvent(value: unknown): value is StackEvent {
  return (
    typeof value === "object" && value !== null && "type" in value && typeof value.type === "string"
  );
}
