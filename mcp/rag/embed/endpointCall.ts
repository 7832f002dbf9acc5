import * as z from "zod";
import { AppError, type Fault } from "../../../src/core/fault.ts";
import type { Secret } from "../../../src/core/secret.ts";
import { PassingFailure } from "./retry.ts";

/** Where an OpenAI-compatible server embeds, and as what. */
export interface Endpoint {
  /** The server, its `/v1` or its whole `/v1/embeddings`. */
  url: string;
  model: string;
  token?: Secret | undefined;
}

/** The largest answer that is read, in bytes: 64 vectors of 4096 numbers as text take 6 MB. */
const answerLimitBytes = 32 * 1024 * 1024;

const answer = z.object({
  data: z.array(
    z.object({
      index: z.number().int().nonnegative(),
      embedding: z.array(z.number()).min(1).max(16_384),
    }),
  ),
});

/** The addresses to try in turn; Llama Stack before 0.3 has the OpenAI routes below `/v1/openai`. */
export function embeddingAddresses(url: string): string[] {
  const base = url.replace(/\/+$/, "");
  if (base.endsWith("/embeddings")) return [base];
  if (/\/v\d+$/.test(base)) return [`${base}/embeddings`];
  return [`${base}/v1/embeddings`, `${base}/v1/openai/v1/embeddings`];
}

/**
 * Asks once for the vectors of some texts.
 * @throws PassingFailure for what may pass (429, 5xx of proxies, no connection), AppError for what will not.
 */
export async function callEndpoint(
  endpoint: Endpoint,
  address: string,
  { texts, signal }: { texts: readonly string[]; signal: AbortSignal },
): Promise<Float32Array[]> {
  const response = await send(endpoint, address, { texts, signal });
  if (!response.ok) throw refusal(endpoint, response);
  const declaredBytes = Number(response.headers.get("content-length") ?? 0);
  const body = declaredBytes <= answerLimitBytes ? await readBody(response, signal) : undefined;
  const parsed = answer.safeParse(body);
  if (!parsed.success) throw strange(endpoint, "no list of embeddings");
  return inOrder(endpoint, parsed.data.data, texts.length);
}

async function send(
  { model, token }: Endpoint,
  address: string,
  { texts, signal }: { texts: readonly string[]; signal: AbortSignal },
): Promise<Response> {
  try {
    return await fetch(address, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(token && { authorization: `Bearer ${token.reveal()}` }),
      },
      body: JSON.stringify({
        model,
        input: texts.map((text) => text.toWellFormed()),
        encoding_format: "float",
      }),
      signal,
    });
  } catch (cause) {
    throw unreachable(signal, cause);
  }
}

async function readBody(response: Response, signal: AbortSignal): Promise<unknown> {
  const text = await response.text().catch((cause: unknown) => {
    throw unreachable(signal, cause);
  });
  if (text.length > answerLimitBytes) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreachable(signal: AbortSignal, cause: unknown): unknown {
  // The caller's own reason, unless it was the time that ran out.
  if (signal.aborted && !(signal.reason instanceof DOMException)) return signal.reason;
  const isLate = signal.aborted && signal.reason.name === "TimeoutError";
  const message = isLate
    ? "Cannot embed: no answer of the embedding server in time"
    : "Cannot embed: the embedding server cannot be reached";
  return new PassingFailure(isLate ? "timeout" : "unavailable", message, { cause });
}

function refusal({ model }: Endpoint, { status, headers }: Response): AppError {
  const message = `Cannot embed with the model ${JSON.stringify(model)}: the embedding server answers ${status}`;
  if (status === 408 || status === 429 || status >= 500) {
    const afterMs = retryAfterMs(headers.get("retry-after"));
    return new PassingFailure(status === 429 ? "too_busy" : "unavailable", message, {
      ...(afterMs !== undefined && { afterMs }),
    });
  }
  return new AppError(faultOf(status), message, {
    hint: "Check EMBEDDINGS_URL, EMBEDDING_MODEL and EMBEDDINGS_TOKEN.",
  });
}

function faultOf(status: number): Fault {
  if (status === 401) return "unauthorized";
  if (status === 403) return "forbidden";
  if (status === 404) return "not_found";
  return status === 413 ? "too_large" : "upstream_invalid";
}

/** A number of seconds or a date. */
function retryAfterMs(text: string | null): number | undefined {
  if (text === null) return undefined;
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}

function inOrder(
  endpoint: Endpoint,
  entries: readonly { index: number; embedding: readonly number[] }[],
  count: number,
): Float32Array[] {
  const vectors: Float32Array[] = [];
  for (const { index, embedding } of entries) vectors[index] = Float32Array.from(embedding);
  const dimensions = entries[0]?.embedding.length ?? 0;
  const isWhole = Array.from(vectors).every((vector) => vector?.length === dimensions);
  if (vectors.length !== count || entries.length !== count || !isWhole) {
    throw strange(
      endpoint,
      `${entries.length} embeddings for ${count} texts, or of unequal length`,
    );
  }
  if (vectors.some((vector) => !vector.every(Number.isFinite))) {
    throw strange(endpoint, "numbers that are not finite");
  }
  return vectors;
}

function strange({ model }: Endpoint, what: string): AppError {
  return new AppError(
    "upstream_invalid",
    `Cannot embed with the model ${JSON.stringify(model)}: the embedding server answered ${what}`,
  );
}
