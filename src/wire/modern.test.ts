import { afterAll, expect, test } from "bun:test";
import { serveFixture } from "../../tests/conformance/serve.ts";
import { messagesOf, postHeaders, postModern } from "../../tests/wire/http.ts";
import { serveScripted } from "../../tests/wire/scripted-front.ts";

const { front, mux } = serveFixture();
const url = `${front.url}/mcp`;
afterAll(async () => {
  await front.stop();
  await mux.close();
});

const simple = { method: "tools/call", params: { name: "test_simple_text", arguments: {} } };
const asking = {
  method: "tools/call",
  params: { name: "test_input_required_result_elicitation", arguments: {} },
};
const elicitation = { capabilities: { elicitation: {} } };
const accept = (name: string): object => ({ user_name: { action: "accept", content: { name } } });

interface Answer {
  result?: Record<string, unknown> & { requestState?: string };
  error?: { code: number; message: string; data?: unknown };
}

/** The body of an answer; each test says by what it expects which members are there. */
async function answerOf(response: Promise<Response>): Promise<Answer> {
  return (await response).json() as Promise<Answer>;
}

test("server/discover says what the server is, and results say that they are complete and how long they last", async () => {
  const response = await postModern(url, { id: "d", method: "server/discover" });
  expect([response.status, response.headers.get("mcp-session-id")]).toEqual([200, null]);
  expect(await response.json()).toMatchObject({
    id: "d",
    result: {
      resultType: "complete",
      supportedVersions: ["2026-07-28"],
      capabilities: { tools: { listChanged: true } },
      ttlMs: 60_000,
      cacheScope: "private",
      _meta: { "io.modelcontextprotocol/serverInfo": { name: "conformance-fixture" } },
    },
  });
  const read = { method: "resources/read", params: { uri: "test://static-text" } };
  expect((await answerOf(postModern(url, read))).result).toMatchObject({
    resultType: "complete",
    ttlMs: 0,
    cacheScope: "private",
  });
});

test.each([
  ["the version header is missing", { "mcp-protocol-version": "" }, 400, -32020],
  [
    "the version header names another version",
    { "mcp-protocol-version": "2025-11-25" },
    400,
    -32020,
  ],
  ["the method header names another method", { "mcp-method": "tools/list" }, 400, -32020],
  ["the name header names another tool", { "mcp-name": "other" }, 400, -32020],
  ["the name header is wrongly encoded", { "mcp-name": "=?base64?%%%?=" }, 400, -32020],
  [
    "the name header is encoded",
    { "mcp-name": `=?base64?${btoa("test_simple_text")}?=` },
    200,
    undefined,
  ],
  [
    "a session and an event id are sent along",
    { "mcp-session-id": "x", "last-event-id": "y" },
    200,
    undefined,
  ],
])("when %s", async (_name, headers, status, code) => {
  const response = await postModern(url, simple, { headers: headers as Record<string, string> });
  expect(response.status).toBe(status);
  expect(((await response.json()) as Answer).error?.code).toBe(code as number);
});

test("a version that is not served is answered with those that are", async () => {
  const _meta = { "io.modelcontextprotocol/protocolVersion": "2027-01-01" };
  const headers = { "mcp-protocol-version": "2027-01-01" };
  const response = await postModern(url, { method: "tools/list", params: { _meta } }, { headers });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { code: -32022, data: { supported: ["2026-07-28"], requested: "2027-01-01" } },
  });
});

test.each(["ping", "initialize", "logging/setLevel", "resources/subscribe", "no/such/method"])(
  "%s is answered with 404 and -32601",
  async (method) => {
    const response = await postModern(url, { id: "m", method });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ id: "m", error: { code: -32601 } });
  },
);

test("a method whose capability the server does not declare does not exist", async () => {
  const { target, front: scripted } = serveScripted();
  const response = await postModern(target, { id: 1, method: "prompts/list" });
  expect(response.status).toBe(404);
  const message = 'Method not found: prompts/list needs "prompts", not offered here';
  expect(await response.json()).toMatchObject({ error: { code: -32601, message } });
  await scripted.stop();
});

test("GET and DELETE are answered with 405", async () => {
  const headers = { "mcp-protocol-version": "2026-07-28", accept: "text/event-stream" };
  for (const method of ["GET", "DELETE"]) {
    expect((await fetch(url, { method, headers })).status).toBe(405);
  }
});

test("a question becomes an input-required result, and the answer continues the same call", async () => {
  const first = (await answerOf(postModern(url, asking, elicitation))).result;
  expect(first).toMatchObject({
    resultType: "input_required",
    inputRequests: {
      user_name: { method: "elicitation/create", params: { message: "What is your name?" } },
    },
  });
  expect(JSON.stringify(first?.inputRequests)).not.toContain("_meta");
  const retry = {
    ...asking,
    id: "second",
    params: { ...asking.params, requestState: first?.requestState, inputResponses: accept("Ada") },
  };
  const second = await answerOf(postModern(url, retry, elicitation));
  expect(second).toMatchObject({
    id: "second",
    result: { resultType: "complete", content: [{ type: "text", text: '"Hello, Ada!"' }] },
  });
  expect((await answerOf(postModern(url, retry, elicitation))).error?.message).toContain(
    "used already",
  );
});

test.each([
  ["changed", (state: string) => `${state}x`, {}, "changed"],
  ["made up", () => "a.1.2.anyone.sig", {}, "not issued here"],
  [
    "sent by someone else",
    (state: string) => state,
    { authorization: "Bearer other" },
    "someone else",
  ],
])("a requestState that was %s is refused", async (_name, change, headers, reason) => {
  const first = (await answerOf(postModern(url, asking, elicitation))).result;
  const requestState = change(first?.requestState ?? "");
  const params = { ...asking.params, requestState, inputResponses: accept("Eve") };
  const answer = await answerOf(
    postModern(url, { ...asking, params }, { ...elicitation, headers }),
  );
  expect(answer.error).toMatchObject({ code: -32602, message: expect.stringContaining(reason) });
});

test("a requestState does not continue another call", async () => {
  const first = (await answerOf(postModern(url, asking, elicitation))).result;
  const params = { ...simple.params, requestState: first?.requestState };
  const answer = await answerOf(postModern(url, { ...simple, params }, elicitation));
  expect(answer.error?.message).toContain("belongs to another call");
});

test("a tool that needs what the client did not declare is answered with 400 and the capability", async () => {
  const response = await postModern(url, asking);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { code: -32021, data: { requiredCapabilities: { elicitation: {} } } },
  });
});

test("log messages come only when they are asked for, from the level that is asked for", async () => {
  const logging = { method: "tools/call", params: { name: "test_logging_tool", arguments: {} } };
  const withLevel = (level: string): Promise<Response> => {
    const _meta = { "io.modelcontextprotocol/logLevel": level };
    return postModern(url, { ...logging, params: { ...logging.params, _meta } });
  };
  const methods = async (response: Response): Promise<unknown[]> =>
    (await messagesOf(response)).map((message) => (message as { method?: string }).method);
  expect(await methods(await postModern(url, logging))).toEqual([undefined]);
  expect(await methods(await withLevel("error"))).toEqual([undefined]);
  expect(await methods(await withLevel("info"))).toEqual(["notifications/message", undefined]);
});

test("modern requests in a batch are refused", async () => {
  const params = { _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" } };
  const body = JSON.stringify([{ jsonrpc: "2.0", id: 1, method: "tools/list", params }]);
  expect((await fetch(url, { method: "POST", headers: postHeaders, body })).status).toBe(400);
});
