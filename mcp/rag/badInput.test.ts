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
    [
      "an empty query",
      search,
      { query: "" },
      length("query: Too small", "string", ">=1 characters"),
    ],
    [
      "a query of 1 MB",
      search,
      { query: "x".repeat(1_000_000) },
      length("query: Too big", "string", "<=20000 characters"),
    ],
    [
      "a claim of 1 MB",
      precedents,
      { claim_text: "x".repeat(1_000_000) },
      length("claim_text: Too big", "string", "<=200000 characters"),
    ],
    [
      "a negative top_k",
      search,
      { query: "flood", top_k: -1 },
      "top_k: Too small: expected number to be >=1",
    ],
    [
      "a huge top_k",
      search,
      { query: "flood", top_k: 1e9 },
      "top_k: Too big: expected number to be <=50",
    ],
    [
      "a huge top_k",
      precedents,
      { claim_text: "flood", top_k: 101 },
      "top_k: Too big: expected number to be <=100",
    ],
    [
      "half a hit",
      search,
      { query: "flood", top_k: 2.5 },
      "top_k: Invalid input: expected int, received number",
    ],
    [
      "a similarity of 2",
      precedents,
      { claim_text: "flood", min_similarity: 2 },
      "min_similarity: Too big: expected number to be <=1",
    ],
    [
      "a day that is none",
      user,
      { user_id: "USR002", incident_date: "2025-02-30" },
      "incident_date: Invalid ISO date",
    ],
    ["chunk 0", chunk, { chunk_id: 0 }, "chunk_id: Too small: expected number to be >=1"],
    [
      "99 neighbours",
      chunk,
      { chunk_id: 1, around: 99 },
      "around: Too big: expected number to be <=10",
    ],
    ["an unknown argument", search, { query: "flood", limit: 3 }, "Unknown argument: limit"],
    [
      "a number for a text",
      search,
      { query: 7 },
      "query: Invalid input: expected string, received number",
    ],
    ["nothing", search, {}, "query: Invalid input: expected string, received undefined"],
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

function length(start: string, kind: string, bound: string): string {
  return `${start}: expected ${kind} to have ${bound}`;
}
