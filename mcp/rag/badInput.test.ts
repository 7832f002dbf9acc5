import { afterAll, describe, expect, test } from "bun:test";
import { listEngines } from "../../tests/rag-engines.ts";
import { startRag } from "../../tests/rag-server.ts";
import { callTool } from "../../tests/toolCalls.ts";

const search = "search_knowledge_base";
const precedents = "retrieve_similar_claims";
const user = "retrieve_user_info";
const chunk = "get_chunk";

describe.each(await listEngines())("in $name,", async (engine) => {
  const server = await startRag(engine);
  afterAll(server[Symbol.asyncDispose], 30_000);

  test.each<[string, string, object, string]>([
    ["an empty query", search, { query: "" }, 'query is ""; expected at least 1 character'],
    [
      "a query of 1 MB",
      search,
      { query: "x".repeat(1_000_000) },
      "query has 1000000 characters; expected at most 20000 characters",
    ],
    [
      "a claim of 1 MB",
      precedents,
      { claim_text: "x".repeat(1_000_000) },
      "claim_text has 1000000 characters; expected at most 200000 characters",
    ],
    ["a negative top_k", search, { query: "flood", top_k: -1 }, "top_k is -1; expected at least 1"],
    [
      "a huge top_k",
      search,
      { query: "flood", top_k: 1e9 },
      "top_k is 1000000000; expected at most 50",
    ],
    [
      "a huge top_k",
      precedents,
      { claim_text: "flood", top_k: 101 },
      "top_k is 101; expected at most 100",
    ],
    ["half a hit", search, { query: "flood", top_k: 2.5 }, "top_k is 2.5; expected a whole number"],
    [
      "a similarity of 2",
      precedents,
      { claim_text: "flood", min_similarity: 2 },
      "min_similarity is 2; expected at most 1",
    ],
    [
      "a day that is none",
      user,
      { user_id: "USR002", incident_date: "2025-02-30" },
      'incident_date is "2025-02-30"; expected a day as YYYY-MM-DD',
    ],
    ["chunk 0", chunk, { chunk_id: 0 }, "chunk_id is 0; expected at least 1"],
    ["99 neighbours", chunk, { chunk_id: 1, around: 99 }, "around is 99; expected at most 10"],
    ["an unknown argument", search, { query: "flood", limit: 3 }, "Unknown argument: limit"],
    ["a number for a text", search, { query: 7 }, "query is 7; expected a text"],
    ["nothing", search, {}, "query is missing; expected a text"],
  ])("%s for %s is refused by name", async (_, tool, args, error) => {
    const { isError, structuredContent } = await callTool(server, tool, args);
    expect({ isError, structuredContent }).toEqual({
      isError: true,
      structuredContent: { success: false, error },
    });
  });

  test.each(["' or 1=1 --", "USR002\u0000", "USR002\ud800", "%", "USR00_"])(
    "the user %j is nobody",
    async (user_id) => {
      const { isError, structuredContent } = await callTool(server, user, { user_id });
      expect({ isError, structuredContent }).toEqual({
        isError: true,
        structuredContent: {
          success: false,
          error: `Cannot get user ${JSON.stringify(user_id)}: no such user`,
          hint: "Take the user_id from the claim; the index follows the claims service after some seconds.",
        },
      });
    },
  );

  test("a passage that is not there is said so", async () => {
    const { structuredContent } = await callTool(server, chunk, {
      chunk_id: Number.MAX_SAFE_INTEGER,
    });
    expect(structuredContent).toEqual({
      success: false,
      error: "Cannot get chunk 9007199254740991: there is none",
      hint: "Search again: a document that was indexed anew has new chunks.",
    });
  });

  test.each([
    ["a query of the greatest length", search, { query: "flood home ".repeat(1_818) }, "articles"],
    ["a query of one long word", search, { query: "f".repeat(20_000) }, "articles"],
    [
      "a claim of the greatest length",
      precedents,
      { claim_text: "collision at a light ".repeat(9_523), min_similarity: 0 },
      "similar_claims",
    ],
  ])("%s is answered", async (_, tool, args, list) => {
    const { isError, structuredContent } = await callTool(server, tool, args);
    expect([isError, Array.isArray(structuredContent[list])]).toEqual([false, true]);
  });
});
