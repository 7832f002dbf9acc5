import { afterAll, expect, test } from "bun:test";
import { builtinSource } from "../mcp/rag/embed/builtin.ts";
import { grantsSetting } from "../mcp/rag/retrieve/grants.ts";
import { openQueryEmbedding } from "../mcp/rag/retrieve/queryEmbedding.ts";
import { openStore } from "../mcp/rag/store/open.ts";
import { tools } from "../mcp/rag/tools.ts";
import { createLogger } from "../src/core/log.ts";
import { openPeer } from "../src/kit/peer.ts";
import { createFolder, fillWithClaims } from "./rag.ts";

const folder = createFolder();
const log = createLogger("test", "silent");
const store = await openStore(`${folder.path}/rag.db`);
await fillWithClaims(store);
const peer = openPeer({
  ...{ name: "rag", title: "Rag", instructions: "", tools, log },
  deps: {
    store,
    embedding: openQueryEmbedding(store, builtinSource, log),
    grants: grantsSetting.parse("alice=contracts, users;bob=*;*=knowledge_base"),
    masksPersonalData: true,
    isTemporary: false,
    now: () => new Date("2025-06-01T00:00:00Z"),
  },
});
const waiting = new Map<unknown, (result: unknown) => void>();
peer.onMessage = (message) => waiting.get("id" in message && message.id)?.(message);
peer.onClose = () => undefined;
afterAll(async () => {
  await peer.close();
  await store.close();
  folder.remove();
});

test.each([
  ["alice", ["contracts", "knowledge_base", "users"], { claims: false, user: true, rules: true }],
  [
    "bob",
    ["claims", "contracts", "knowledge_base", "users"],
    { claims: true, user: true, rules: true },
  ],
  ["eve", ["knowledge_base"], { claims: false, user: false, rules: true }],
  [undefined, ["knowledge_base"], { claims: false, user: false, rules: true }],
])(
  "%s sees and searches the collections of the grant, and no others exist",
  async (principal, names, works) => {
    const listed = await call(principal, "list_collections", {});
    const health = await call(principal, "rag_health_check", {});
    const claims = await call(principal, "retrieve_similar_claims", { claim_text: "collision" });
    const user = await call(principal, "retrieve_user_info", { user_id: "USR002" });
    const rules = await call(principal, "search_knowledge_base", { query: "deductible" });
    const namesOf = ({ collections }: Told) => collections?.map(({ name }) => name);
    expect({
      listed: namesOf(listed),
      health: namesOf(health),
      works: { claims: claims.success, user: user.success, rules: rules.success },
      refusal: claims.error,
    }).toEqual({
      listed: names,
      health: names,
      works,
      refusal: works.claims ? undefined : 'Cannot use the collection "claims": there is none',
    });
  },
);

test("a passage of a collection that is not granted does not exist", async () => {
  const contracts = await store.searchWords("contracts", "collision", { limit: 1 });
  const args = { chunk_id: contracts[0]?.chunkId };
  const [alice, eve] = [
    await call("alice", "get_chunk", args),
    await call("eve", "get_chunk", args),
  ];
  expect([alice.success, eve.error]).toEqual([
    true,
    `Cannot get chunk ${args.chunk_id}: there is none`,
  ]);
});

interface Told {
  success: boolean;
  error?: string;
  collections?: { name: string }[];
}

async function call(principal: string | undefined, name: string, args: object): Promise<Told> {
  const id = crypto.randomUUID();
  const answered = new Promise((resolve) => waiting.set(id, resolve));
  const params = { name, arguments: { ...args } };
  peer.send(
    { jsonrpc: "2.0", id, method: "tools/call", params },
    principal === undefined ? undefined : { principal },
  );
  return Object(await answered).result.structuredContent;
}
