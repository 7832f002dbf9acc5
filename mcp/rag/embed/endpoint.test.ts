import { afterEach, describe, expect, test } from "bun:test";
import { AppError } from "../../../src/core/fault.ts";
import { Secret } from "../../../src/core/secret.ts";
import { type EndpointOptions, endpointSource } from "./endpoint.ts";

/** What the stub was sent, in order. */
interface Asked {
  path: string;
  authorization: string | null;
  body: { model: string; input: string[]; encoding_format: string };
}

type Answer = (asked: Asked, count: number) => Response;

const servers: ReturnType<typeof Bun.serve>[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.stop(true);
});

function startStub(answer: Answer): { url: string; asked: Asked[] } {
  const asked: Asked[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: async (request) => {
      // The body is what the embedder under test sent; each test compares it.
      const body = (await request.json()) as Asked["body"];
      const authorization = request.headers.get("authorization");
      asked.push({ path: new URL(request.url).pathname, authorization, body });
      return answer(asked.at(-1) as Asked, asked.length);
    },
  });
  servers.push(server);
  return { url: `http://127.0.0.1:${server.port}`, asked };
}

/** Each text's length and first letter, listed backwards to show that `index` counts. */
const wellBehaved: Answer = ({ body }) =>
  Response.json({
    data: body.input
      .map((text, index) => ({ index, embedding: [text.length, text.charCodeAt(0) || 0] }))
      .reverse(),
  });

function optionsFor(url: string, more: Partial<EndpointOptions> = {}): EndpointOptions {
  return {
    url,
    model: "mini",
    documentPrefix: "passage: ",
    queryPrefix: "query: ",
    requestsPerMinute: 0,
    retryDelayMs: 1,
    ...more,
  };
}

const stored = {
  id: "endpoint:mini",
  dimensions: 2,
  documentPrefix: "passage: ",
  queryPrefix: "query: ",
};

async function openStored(url: string, more: Partial<EndpointOptions> = {}) {
  const embedder = await endpointSource(optionsFor(url, more)).open(stored);
  if (!embedder) throw new Error("it opens without being fitted");
  return embedder;
}

async function failureOf(work: Promise<unknown>): Promise<{ fault: string; message: string }> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`expected an AppError, not ${error}`);
  return { fault: error.fault, message: error.message };
}

describe("the endpoint embedder", () => {
  test("puts prefixes and the token on, keeps the order, and asks once for what it has seen", async () => {
    const { url, asked } = startStub(wellBehaved);
    const embedder = await openStored(`${url}/v1/`, { token: new Secret("s3cr3t") });
    expect(await embedder.embedDocuments(["a", "bb", "a"])).toEqual([
      new Float32Array([10, 112]),
      new Float32Array([11, 112]),
      new Float32Array([10, 112]),
    ]);
    expect(await embedder.embedQuery("a")).toEqual(new Float32Array([8, 113]));
    await embedder.embedDocuments(["bb"]);
    expect(asked).toEqual([
      {
        path: "/v1/embeddings",
        authorization: "Bearer s3cr3t",
        body: { model: "mini", input: ["passage: a", "passage: bb"], encoding_format: "float" },
      },
      {
        path: "/v1/embeddings",
        authorization: "Bearer s3cr3t",
        body: { model: "mini", input: ["query: a"], encoding_format: "float" },
      },
    ]);
  });

  test("learns the dimension of a new model by one request", async () => {
    const { url } = startStub(wellBehaved);
    const embedder = await endpointSource(optionsFor(url)).fit([]);
    expect(embedder.model).toEqual(stored);
  });

  test("sends at most 64 texts a request", async () => {
    const { url, asked } = startStub(wellBehaved);
    const embedder = await openStored(url);
    const vectors = await embedder.embedDocuments(Array.from({ length: 150 }, (_, at) => `${at}`));
    expect(vectors.length).toBe(150);
    expect(asked.map(({ body }) => body.input.length)).toEqual([64, 64, 22]);
  });

  test("finds the routes of an older Llama Stack below /v1/openai and stays with them", async () => {
    const { url, asked } = startStub((one, count) =>
      one.path.includes("openai") ? wellBehaved(one, count) : new Response("", { status: 404 }),
    );
    const embedder = await openStored(url);
    await embedder.embedDocuments(["a"]);
    await embedder.embedDocuments(["b"]);
    expect(asked.map(({ path }) => path)).toEqual([
      "/v1/embeddings",
      "/v1/openai/v1/embeddings",
      "/v1/openai/v1/embeddings",
    ]);
  });

  test("tries again after 429 and 503, when the server says so", async () => {
    const { url, asked } = startStub((one, count) =>
      count < 3
        ? new Response("", { status: count === 1 ? 429 : 503, headers: { "retry-after": "0" } })
        : wellBehaved(one, count),
    );
    const embedder = await openStored(url, { retryDelayMs: 60_000 });
    expect(await embedder.embedDocuments(["a"])).toEqual([new Float32Array([10, 112])]);
    expect(asked.length).toBe(3);
  });

  test.each<[string, Answer, { fault: string; message: string }, number]>([
    [
      "a refused token",
      () => new Response("", { status: 401 }),
      {
        fault: "unauthorized",
        message: 'Cannot embed with the model "mini": the embedding server answers 401',
      },
      1,
    ],
    [
      "no JSON",
      () => new Response("<html>"),
      {
        fault: "upstream_invalid",
        message:
          'Cannot embed with the model "mini": the embedding server answered no list of embeddings',
      },
      1,
    ],
    [
      "too few vectors",
      () => Response.json({ data: [] }),
      {
        fault: "upstream_invalid",
        message:
          'Cannot embed with the model "mini": the embedding server answered 0 embeddings for 1 texts, or of unequal length',
      },
      1,
    ],
    [
      "another dimension",
      () => Response.json({ data: [{ index: 0, embedding: [1, 2, 3] }] }),
      {
        fault: "conflict",
        message: 'Cannot embed with "endpoint:mini": it gives 3 dimensions and the index has 2',
      },
      1,
    ],
    [
      "a server that stays broken",
      () => new Response("", { status: 500 }),
      {
        fault: "unavailable",
        message: 'Cannot embed with the model "mini": the embedding server answers 500',
      },
      6,
    ],
  ])("names %s", async (_, answer, failure, requests) => {
    const { url, asked } = startStub(answer);
    const embedder = await openStored(url);
    expect(await failureOf(embedder.embedDocuments(["a"]))).toEqual(failure);
    expect(asked.length).toBe(requests);
  });

  test("does not ask again at once for a query after the server failed", async () => {
    const { url, asked } = startStub(() => new Response("", { status: 503 }));
    const embedder = await openStored(url);
    await failureOf(embedder.embedQuery("a"));
    expect(await failureOf(embedder.embedQuery("b"))).toEqual({
      fault: "unavailable",
      message: "Cannot embed: the embedding server did not answer lately",
    });
    expect(asked.length).toBe(2);
  });

  test("says that nothing listens", async () => {
    const embedder = await openStored("http://127.0.0.1:1");
    expect(await failureOf(embedder.embedQuery("a"))).toEqual({
      fault: "unavailable",
      message: "Cannot embed: the embedding server cannot be reached",
    });
  });

  test("ends with the caller's signal, also while it waits for another attempt", async () => {
    const { url } = startStub(() => new Response("", { status: 429 }));
    const embedder = await openStored(url, { retryDelayMs: 60_000 });
    const stop = new AbortController();
    const work = embedder.embedDocuments(["a"], stop.signal);
    stop.abort(new Error("enough"));
    expect(await work.catch((error: unknown) => error)).toEqual(new Error("enough"));
  });

  test("refuses an index of another model with the way out", async () => {
    const work = endpointSource(optionsFor("http://127.0.0.1:1")).open({
      ...stored,
      id: "built-in-1",
    });
    expect(await failureOf(work)).toEqual({
      fault: "conflict",
      message:
        'Cannot use the embedding model "endpoint:mini": the index was made with "built-in-1"',
    });
  });
});
