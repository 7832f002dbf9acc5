import * as z from "zod";
import { canonicalType } from "./retrieve/claimTypes.ts";
import type { Masker } from "./retrieve/mask.ts";
import { listPersons } from "./retrieve/persons.ts";
import { defineRagTool, hitFields, hitOf, resultFields, untrusted } from "./retrieve/present.ts";
import { checkGrant, openMasker } from "./retrieve/rag.ts";
import { type ClaimRecord, claimRecord, collections } from "./retrieve/records.ts";
import { type Hit, search } from "./retrieve/search.ts";

/** How much of a precedent's text is returned, in characters. */
const precedentCharacters = 500;
/** A claim's text is its document's. */
const claimTextCharacters = 200_000;

/** Decided claims like the one that is judged. */
export const retrieveSimilarClaims = defineRagTool({
  name: "retrieve_similar_claims",
  title: "Find precedents",
  description:
    "Finds decided claims that are like this one, approvals and denials alike, with decision, reason and amount; " +
    "newer ones win among equals. Undecided claims and the claim itself are never among them. Returns at most top_k " +
    "with a similarity of at least min_similarity; lower it when nothing is found. A precedent is a hint, no rule.",
  input: z.strictObject({
    claim_text: z
      .string()
      .min(1)
      .max(claimTextCharacters)
      .describe("The claim's text or what happened, in words."),
    claim_type: z
      .union([z.string(), z.null()])
      .default(null)
      .describe(
        "Medical, Auto, Home or Life, also as Health Insurance and the like; leave out for all.",
      ),
    top_k: z.int().min(1).max(100).default(10).describe("At most this many precedents, 1 to 100."),
    min_similarity: z.number().min(0).max(1).default(0.7).describe("The least similarity, 0 to 1."),
    exclude_claim_id: z
      .union([z.string(), z.null()])
      .default(null)
      .describe("The id of the claim that is being judged."),
  }),
  output: z.looseObject({
    ...resultFields,
    similar_claims: z
      .array(
        z.looseObject({
          claim_id: z.string(),
          claim_number: z.string(),
          claim_text: z.string(),
          similarity_score: z.number(),
          outcome: z.string(),
          ...hitFields,
        }),
      )
      .optional(),
    total_found: z.int().optional(),
    search_params: z.looseObject({}).optional(),
  }),
  run: async (args, rag, { principal, signal }) => {
    checkGrant(rag, collections.claims, principal);
    const { claim_text, top_k, min_similarity } = args;
    const request = {
      collection: collections.claims,
      query: claim_text,
      // Room for those that are left out below.
      topK: Math.min(200, top_k * 2 + 10),
      filter: precedentFilter(args),
      prefersRecent: true,
      ...{ now: rag.now(), signal },
    };
    const { hits, degraded } = await search(rag, request);
    const precedents = hits
      .map((hit) => ({ hit, record: claimRecord.parse(hit.chunk.document.metadata) }))
      .filter(({ record }) => record.decision !== null && !isSameClaim(record, args))
      .filter(({ hit }) => hit.similarity >= min_similarity)
      .slice(0, top_k);
    const owners = precedents.flatMap(({ record }) => record.user_id ?? []);
    const masker = openMasker(rag, rag.masksPersonalData ? await listPersons(rag, owners) : []);
    return {
      ...untrusted,
      similar_claims: precedents.map(({ hit, record }) => precedentOf(record, hit, masker)),
      total_found: precedents.length,
      search_params: {
        ...{ claim_type: args.claim_type, top_k, min_similarity },
        exclude_claim_id: args.exclude_claim_id,
      },
      ...(degraded !== undefined && { degraded }),
    };
  },
});

/** Whether a precedent is the claim itself, by its id or number, whatever its case and separators. */
function isSameClaim(
  { claim_id, claim_number }: ClaimRecord,
  { claim_text, exclude_claim_id }: { claim_text: string; exclude_claim_id: string | null },
): boolean {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[\s\p{P}]+/gu, "");
  const excluded = exclude_claim_id === null ? undefined : plain(exclude_claim_id);
  if (excluded === plain(claim_id) || excluded === plain(claim_number)) return true;
  return plain(claim_text).includes(plain(claim_number));
}

function precedentFilter(args: { claim_type: string | null; exclude_claim_id: string | null }) {
  return {
    facets: {
      decision: ["approve", "deny"],
      ...(args.claim_type?.trim() && { type: [canonicalType(args.claim_type)] }),
    },
    ...(args.exclude_claim_id && { excludeSourceIds: [args.exclude_claim_id] }),
  };
}

function precedentOf(record: ClaimRecord, hit: Hit, masker: Masker): Record<string, unknown> {
  return {
    claim_id: record.claim_id,
    claim_number: record.claim_number,
    claim_text: masker.text(record.claim_text).slice(0, precedentCharacters),
    similarity_score: hit.similarity,
    outcome: record.decision,
    processing_time_ms: record.processing_time_ms ?? null,
    decision: record.decision,
    decided_by: record.decided_by ?? null,
    amount: record.amount ?? null,
    reasoning: record.reasoning ? masker.text(record.reasoning) : null,
    ...hitOf(hit, masker),
  };
}
