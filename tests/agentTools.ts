import * as z from "zod";
import type { Facts } from "../mcp/decision/facts.ts";
import { createLogger } from "../src/core/log.ts";
import { openPeer } from "../src/kit/peer.ts";
import { defineTool, type Tool } from "../src/kit/tool.ts";
import { createMux } from "../src/wire/mux.ts";
import { serveFront } from "../src/wire/serve.ts";

/** An MCP server with the reading tools, over HTTP, whose documents and users are those of given facts. */
export interface ReadingServer extends AsyncDisposable {
  url: string;
  /** The names and arguments of the calls so far. */
  calls: { name: string; args: Record<string, unknown> }[];
}

const anything = z.looseObject({});
const log = createLogger("test", "silent");

/** Serves ocr_document (the path holds the claim's number), retrieve_user_info, retrieve_similar_claims and search_knowledge_base. */
export function startReadingServer(all: readonly Facts[], port = 0): ReadingServer {
  const calls: ReadingServer["calls"] = [];
  const tool = (
    name: string,
    input: z.ZodObject,
    answer: (args: Record<string, unknown>) => Record<string, unknown>,
  ): Tool<undefined> =>
    defineTool({
      name,
      title: name,
      description: `Stands in for ${name}, with the arguments that the agent gives.`,
      effect: "read",
      input,
      output: anything,
      run: async (args) => {
        const given: Record<string, unknown> = args;
        calls.push({ name, args: given });
        return answer(given);
      },
    });
  const tools = [
    tool(
      "ocr_document",
      z.strictObject({
        document_path: z.string(),
        language: z.string(),
        extract_structured: z.boolean(),
        cursor: z.string().optional(),
      }),
      ({ document_path, cursor }) => readDocument(all, String(document_path), cursor),
    ),
    tool(
      "retrieve_user_info",
      z.strictObject({
        user_id: z.string().describe("Whose."),
        query: z.string().default(""),
        top_k: z.int().default(5),
      }),
      ({ user_id }) => {
        const facts = all.find(({ claim }) => claim.user_id === user_id);
        if (facts === undefined) return { success: false, error: `User ${user_id} not found` };
        const contracts = facts.contracts.map(({ contract_number, contract_type }) => ({
          contract_number,
          contract_type,
        }));
        return {
          success: true,
          user_info: { user_id },
          contracts,
          total_contracts: contracts.length,
        };
      },
    ),
    tool(
      "retrieve_similar_claims",
      z.strictObject({
        claim_text: z.string(),
        claim_type: z.string().nullable().default(null),
        top_k: z.int().default(10),
        exclude_claim_id: z.string().optional(),
      }),
      () => ({ success: true, similar_claims: [], total_found: 0 }),
    ),
    tool(
      "search_knowledge_base",
      z.strictObject({ query: z.string(), top_k: z.int().default(5) }),
      () => ({ success: true, articles: [], total_found: 0 }),
    ),
  ];
  const info = { name: "reading", title: "Reading", instructions: "", deps: undefined, log };
  const mux = createMux(openPeer({ ...info, tools }), { log });
  const server = serveFront({ mux, port });
  return {
    url: `${server.url}/mcp`,
    calls,
    async [Symbol.asyncDispose]() {
      await server.stop();
      await mux.close();
    },
  };
}

/** The longest part of a text that is handed out at once, in UTF-16 units. */
const partLength = 10_000;

function readDocument(
  all: readonly Facts[],
  path: string,
  cursor: unknown,
): Record<string, unknown> {
  const document = all.find(({ claim }) => path.includes(claim.claim_number))?.document;
  if (!document) return { success: false, error: `Cannot read "${path}": no such file` };
  const { text, confidence, pages, fields, language } = document;
  const start = Number(cursor ?? 0);
  const end = start + partLength;
  const next_cursor = end < text.length ? `${end}` : null;
  const raw_text = text.slice(start, end);
  return { success: true, raw_text, next_cursor, confidence, pages, fields, language };
}
