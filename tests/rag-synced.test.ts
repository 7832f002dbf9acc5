import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { sampleClaims } from "../tools/samples/claims.ts";
import { internalToken, openTestClaims } from "./claims.ts";
import { connectStdio, type TestClient } from "./clients.ts";
import { root } from "./program.ts";
import { createFolder } from "./rag.ts";
import { callTool } from "./toolCalls.ts";

/** The real service with the sample rows, and the built server that follows it, with an index of its own. */
const folder = createFolder();
const claims = await openTestClaims();
const open: TestClient[] = [];
const server = await start({ RAG_DB: join(folder.path, "rag.db") });
afterAll(async () => {
  for (const client of open) await client[Symbol.asyncDispose]();
  await claims.close();
  folder.remove();
}, 30_000);

describe("of the claims service's records,", () => {
  test.each([
    ["CLM-2025-0001", "Outpatient arthroscopy of the left knee after a fall", "approve"],
    ["CLM-2025-0002", "Rear-end collision at a traffic light; bumper, tail", "approve"],
    ["CLM-2025-0008", "The river rose over its bank and flooded the basement", "deny"],
    ["CLM-2025-0013", "A pipe burst in the kitchen during a frost; floor and", "approve"],
    ["CLM-2025-0016", "Kitchen fire caused by an electrical fault; cupboards,", "approve"],
    ["CLM-2025-0017", "Collision en stationnement ; aile et portière avant", "approve"],
  ])(
    "%s has a precedent on the like, above the usual similarity: %j",
    async (number, text, decision) => {
      const sample = sampleClaims.find((claim) => claim.number === number);
      const { structuredContent } = await callTool(server, "retrieve_similar_claims", {
        claim_text: `Claim ${number}\n${sample?.story.join("\n")}`,
        claim_type: sample?.type ?? "",
      });
      const [first] = structuredContent.similar_claims;
      expect([first?.claim_text.startsWith(text), first?.outcome, first?.decision]).toEqual([
        true,
        decision,
        decision,
      ]);
    },
  );

  test("without an embedding server precedents are found by their words, and the answer says so", async () => {
    const lexical = await start({
      RAG_DB: join(folder.path, "lexical.db"),
      EMBEDDINGS_URL: "http://127.0.0.1:9",
      EMBEDDING_MODEL: "mini",
    });
    const sample = sampleClaims.find(({ number }) => number === "CLM-2025-0008");
    const { structuredContent } = await callTool(lexical, "retrieve_similar_claims", {
      claim_text: sample?.story.join("\n") ?? "",
      claim_type: "Home",
    });
    const health = await callTool(lexical, "rag_health_check", {});
    expect([
      structuredContent.similar_claims[0]?.claim_text,
      structuredContent.similar_claims[0]?.retrievers,
      structuredContent.degraded,
      health.structuredContent.status,
      health.structuredContent.model,
      health.structuredContent.collections.map(
        (one: { chunks_without_vector: number; chunks: number }) =>
          one.chunks_without_vector === one.chunks,
      ),
    ]).toEqual([
      "The river rose over its bank and flooded the basement and the ground floor.",
      { words: 1 },
      "Searched by words alone: the index has no vectors yet",
      "degraded",
      null,
      [true, true, true, true],
    ]);
    // The first call waits for the first sync, which tries the embedding server several times.
  }, 30_000);

  test("a precedent is not found for itself, by its id in any case or its number in any spelling", async () => {
    const text = "Rear-end collision at a traffic light";
    const find = async (args: object): Promise<{ claim_id: string; claim_number: string }[]> => {
      const all = { claim_text: text, min_similarity: 0, top_k: 100, ...args };
      const answer = await callTool(server, "retrieve_similar_claims", all);
      return answer.structuredContent.similar_claims;
    };
    const [self, ...others] = await find({});
    const number = self?.claim_number ?? "";
    const answers = await Promise.all(
      [
        { exclude_claim_id: self?.claim_id },
        { exclude_claim_id: self?.claim_id.toUpperCase() },
        { exclude_claim_id: number },
        { claim_text: `${text} (${number.toLowerCase().replaceAll("-", " ")})` },
      ].map(find),
    );
    const isIn = (answer: { claim_id: string }[], { claim_id }: { claim_id: string }) =>
      answer.some((one) => one.claim_id === claim_id);
    expect(
      answers.map((answer) => ({
        others: others.every((other) => isIn(answer, other)),
        self: self && isIn(answer, self),
      })),
    ).toEqual(Array.from({ length: 4 }, () => ({ others: true, self: false })));
  });

  test("only decided claims are precedents", async () => {
    const args = { claim_text: "claim", min_similarity: 0, top_k: 100 };
    const { structuredContent } = await callTool(server, "retrieve_similar_claims", args);
    const numbers = structuredContent.similar_claims.map(
      ({ claim_number }: { claim_number: string }) => claim_number.slice(0, 8),
    );
    // Those of 2025 are undecided.
    expect(new Set(numbers).has("CLM-2025")).toBe(false);
  });

  test("nothing of a person is told of all that the tools return", async () => {
    const people: { full_name: string; email: string; address: string; phone_number: string }[] =
      await claims.sql`select full_name, email, address, phone_number from users`;
    const answers = await Promise.all([
      ...people.map((_, at) => {
        const user_id = `USR${String(at + 1).padStart(3, "0")}`;
        return callTool(server, "retrieve_user_info", { user_id, query: "holder name" });
      }),
      ...sampleClaims.map(({ story }) =>
        callTool(server, "retrieve_similar_claims", {
          claim_text: story.join("\n"),
          min_similarity: 0,
          top_k: 100,
        }),
      ),
      callTool(server, "search_knowledge_base", { query: "claims of Okafor", top_k: 50 }),
    ]);
    const told = JSON.stringify(answers.map(({ structuredContent }) => structuredContent));
    const leaks = people.flatMap((person) =>
      Object.values(person).filter((value) => value !== null && told.includes(value)),
    );
    expect({ leaks, answered: answers.every(({ isError }) => !isError) }).toEqual({
      leaks: [],
      answered: true,
    });
  });

  test("articles count from their first day to their last", async () => {
    const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString();
    const dates = [
      ["Zeppelin ended", day(-9), day(-1)],
      ["Zeppelin begins", day(1), null],
      ["Zeppelin now", day(0), day(0)],
      ["Zeppelin always", null, null],
    ] as const;
    for (const [title, from, until] of dates) {
      await claims.sql`insert into knowledge_base (id, title, content, category, effective_date, expiry_date)
        values (gen_random_uuid(), ${title}, 'Zeppelin cover.', 'Coverage', ${from?.slice(0, 10) ?? null}::text::date,
          ${until?.slice(0, 10) ?? null}::text::date)`;
    }
    const fresh = await start({ RAG_DB: join(folder.path, "fresh.db") });
    const args = { query: "zeppelin", top_k: 50 };
    const { structuredContent } = await callTool(fresh, "search_knowledge_base", args);
    const titles = structuredContent.articles.map(({ title }: { title: string }) => title);
    expect(titles.filter((title: string) => title.startsWith("Zeppelin")).sort()).toEqual([
      "Zeppelin always",
      "Zeppelin now",
    ]);
  });

  test("a server with grants shows nobody what only somebody may see", async () => {
    const guarded = await start({
      RAG_DB: join(folder.path, "rag.db"),
      RAG_GRANTS: "adjuster=*;*=knowledge_base",
    });
    const answers = await Promise.all(
      [
        ["retrieve_user_info", { user_id: "USR002" }],
        ["retrieve_similar_claims", { claim_text: "collision" }],
        ["search_knowledge_base", { query: "collision", collection: "contracts" }],
        ["get_chunk", { chunk_id: 1 }],
      ].map(([tool, args]) => callTool(guarded, String(tool), Object(args))),
    );
    const listed = await callTool(guarded, "list_collections", {});
    expect({
      errors: answers.map(({ structuredContent }) => structuredContent.error),
      listed: listed.structuredContent.collections.map(({ name }: { name: string }) => name),
    }).toEqual({
      errors: [
        'Cannot use the collection "users": there is none',
        'Cannot use the collection "claims": there is none',
        'Cannot use the collection "contracts": there is none',
        "Cannot get chunk 1: there is none",
      ],
      listed: ["knowledge_base"],
    });
  });
});

async function start(env: Record<string, string>): Promise<TestClient> {
  const values = {
    CLAIMS_API_BASE_URL: claims.url,
    CLAIMS_API_TOKEN: internalToken,
    ...env,
  };
  const variables = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  const client = await connectStdio(["env", ...variables, join(root, "dist/rag-mcp")]);
  open.push(client);
  return client;
}
