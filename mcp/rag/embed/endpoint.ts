import { AppError } from "../../../src/core/fault.ts";
import type { ModelRecord } from "../store/port.ts";
import { callEndpoint, type Endpoint, embeddingAddresses } from "./endpointCall.ts";
import { refuseOtherModel } from "./mismatch.ts";
import type { Embedder, EmbedderSource } from "./port.ts";
import { type RetryPlan, retry, wait } from "./retry.ts";
import { VectorCache } from "./vectorCache.ts";

/** An endpoint, what its model wants before each text, and how hard it may be asked. */
export interface EndpointOptions extends Endpoint {
  documentPrefix: string;
  queryPrefix: string;
  /** Requests started a minute at most; 0 for no limit. */
  requestsPerMinute: number;
  /** The first wait before another attempt, in milliseconds. */
  retryDelayMs: number;
}

/** Texts in one request at most, and their characters at most: what common servers accept. */
const batchTexts = 64;
const batchCharacters = 100_000;
/** Characters of one text that are sent: above what any model's window holds. */
const textCharacters = 32_000;
/** How long one request of documents may take, in milliseconds. */
const documentsLimitMs = 120_000;
/** How long a query waits for its vector before it is searched by words, in milliseconds. */
const queryLimitMs = 5_000;
/** After a query that got no vector, how long further ones do not ask, in milliseconds. */
const coolDownMs = 15_000;
const longestDelayMs = 30_000;
const documentAttempts = 6;

/** The embedder at an OpenAI-compatible address. */
export function endpointSource(options: EndpointOptions): EmbedderSource {
  const id = `endpoint:${options.model}`;
  const { documentPrefix, queryPrefix } = options;
  const connect = async (dimensions?: number): Promise<Embedder> => {
    const client = new EndpointClient(options);
    const found =
      dimensions ?? (await client.embed(["dimensions"], documentsPlan(options)))[0]?.length;
    return client.embedder({ id, dimensions: found ?? 0, documentPrefix, queryPrefix });
  };
  return {
    kind: "endpoint",
    open: async (stored) => {
      if (!stored) return connect();
      const isSame = stored.documentPrefix === documentPrefix && stored.queryPrefix === queryPrefix;
      if (stored.id !== id || !isSame) refuseOtherModel(stored, id);
      return connect(stored.dimensions);
    },
    fit: () => connect(),
  };
}

interface Call {
  retries: RetryPlan;
  limitMs: number;
  signal?: AbortSignal | undefined;
}

function documentsPlan({ retryDelayMs }: EndpointOptions, signal?: AbortSignal): Call {
  const retries = { firstDelayMs: retryDelayMs, longestDelayMs, attempts: documentAttempts };
  return { retries, limitMs: documentsLimitMs, signal };
}

class EndpointClient {
  readonly #options: EndpointOptions;
  readonly #cache = new VectorCache();
  #addresses: readonly string[];
  #nextStartAt = 0;
  #coolUntil = 0;

  constructor(options: EndpointOptions) {
    this.#options = options;
    this.#addresses = embeddingAddresses(options.url);
  }

  embedder(model: ModelRecord): Embedder {
    const { documentPrefix, queryPrefix } = model;
    const check = (vectors: Float32Array[]) => checkLengths(vectors, model);
    return {
      model,
      embedDocuments: async (texts, signal) =>
        check(
          await this.embed(
            texts.map((text) => documentPrefix + text),
            documentsPlan(this.#options, signal),
          ),
        ),
      embedQuery: async (text, signal) => {
        const [vector] = check(await this.#embedQuery(queryPrefix + text, signal));
        if (!vector) throw new Error("a query was embedded into no vector");
        return vector;
      },
      close: async () => undefined,
    };
  }

  /** One vector a text, those that are remembered without asking. */
  async embed(texts: readonly string[], call: Call): Promise<Float32Array[]> {
    const cut = texts.map((text) => text.slice(0, textCharacters));
    const missing = [...new Set(cut.filter((text) => !this.#cache.get(text)))];
    const fresh = new Map<string, Float32Array>();
    for (const batch of batches(missing)) {
      const vectors = await this.#ask(batch, call);
      for (const [at, text] of batch.entries()) {
        const vector = vectors[at];
        if (!vector) continue;
        fresh.set(text, vector);
        this.#cache.set(text, vector);
      }
    }
    return cut.map((text) => {
      const vector = fresh.get(text) ?? this.#cache.get(text);
      if (!vector) throw new Error("an embedded text has no vector");
      return vector;
    });
  }

  async #embedQuery(text: string, signal?: AbortSignal): Promise<Float32Array[]> {
    if (Date.now() < this.#coolUntil && !this.#cache.get(text)) {
      throw new AppError("unavailable", "Cannot embed: the embedding server did not answer lately");
    }
    const retries = {
      firstDelayMs: this.#options.retryDelayMs,
      longestDelayMs: 1_000,
      attempts: 2,
    };
    try {
      return await this.embed([text], { retries, limitMs: queryLimitMs, signal });
    } catch (error) {
      if (!signal?.aborted) this.#coolUntil = Date.now() + coolDownMs;
      throw error;
    }
  }

  #ask(texts: readonly string[], { retries, limitMs, signal }: Call): Promise<Float32Array[]> {
    const attempt = async () => {
      await this.#waitForTurn(signal);
      const timeout = AbortSignal.timeout(limitMs);
      const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
      return this.#askFirstAddress(texts, either);
    };
    return retry(attempt, retries, signal);
  }

  /** The first address that is there is the one that stays. */
  async #askFirstAddress(texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]> {
    const [address = "", ...others] = this.#addresses;
    try {
      const vectors = await callEndpoint(this.#options, address, { texts, signal });
      this.#addresses = [address];
      return vectors;
    } catch (error) {
      if (!(error instanceof AppError) || error.fault !== "not_found" || others.length === 0)
        throw error;
      this.#addresses = others;
      return this.#askFirstAddress(texts, signal);
    }
  }

  async #waitForTurn(signal?: AbortSignal): Promise<void> {
    const { requestsPerMinute } = this.#options;
    if (requestsPerMinute === 0) return;
    const startAt = Math.max(Date.now(), this.#nextStartAt);
    this.#nextStartAt = startAt + 60_000 / requestsPerMinute;
    if (startAt > Date.now()) await wait(startAt - Date.now(), signal);
  }
}

function batches(texts: readonly string[]): string[][] {
  const all: string[][] = [];
  let characters = 0;
  for (const text of texts) {
    const last = all.at(-1);
    characters += text.length;
    if (last && last.length < batchTexts && characters <= batchCharacters) {
      last.push(text);
      continue;
    }
    all.push([text]);
    characters = text.length;
  }
  return all;
}

function checkLengths(vectors: Float32Array[], { id, dimensions }: ModelRecord): Float32Array[] {
  const other = vectors.find((vector) => vector.length !== dimensions);
  if (!other) return vectors;
  throw new AppError(
    "conflict",
    `Cannot embed with ${JSON.stringify(id)}: it gives ${other.length} dimensions and the index has ${dimensions}`,
    { hint: "Run `rag-mcp reembed` to make all vectors anew." },
  );
}
