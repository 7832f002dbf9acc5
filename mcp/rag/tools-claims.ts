import * as z from "zod";
import { AppError } from "../../src/core/fault.ts";
import type { Tool } from "../../src/kit/tool.ts";
import { canonicalType } from "./retrieve/claimTypes.ts";
import { statusAt } from "./retrieve/contracts.ts";
import type { Masker } from "./retrieve/mask.ts";
import { listPersons } from "./retrieve/persons.ts";
import { defineRagTool, hitFields, hitOf, resultFields, untrusted } from "./retrieve/present.ts";
import { checkGrant, openMasker, type Rag } from "./retrieve/rag.ts";
import {
  type ClaimRecord,
  type ContractRecord,
  claimRecord,
  collections,
  contractRecord,
  type UserRecord,
  userRecord,
} from "./retrieve/records.ts";
import { type Hit, search } from "./retrieve/search.ts";
import { queryCharacters } from "./tools-search.ts";

/** Contracts of one user that are returned at most; the samples have two. */
const contractsLimit = 200;
/** How much of a precedent's text is returned, in characters. */
const precedentCharacters = 500;
/** A claim's text is its document's. */
const claimTextCharacters = 200_000;

const retrieveUserInfo = defineRagTool({
  name: "retrieve_user_info",
  title: "Get a claimant and all contracts",
  description:
    "Returns the claimant and every contract that he or she holds, expired and cancelled ones too, with dates and " +
    "the status on the day of the incident. The query only orders the contracts; none is left out, whatever top_k " +
    "says. Personal data is masked. Call it before you judge a claim.",
  input: z.strictObject({
    user_id: z.string().min(1).max(200).describe("The claimant's id, for example USR001."),
    query: z
      .string()
      .max(queryCharacters)
      .default("")
      .describe("What the claim is about; orders the contracts."),
    top_k: z
      .int()
      .min(1)
      .max(50)
      .default(5)
      .describe("Accepted and without effect: every contract is returned."),
    incident_date: z
      .union([z.iso.date(), z.null()])
      .default(null)
      .describe("The day of the incident, YYYY-MM-DD; gives each contract its status on that day."),
  }),
  output: z.looseObject({
    ...resultFields,
    user_info: z.looseObject({ user_id: z.string() }).optional(),
    contracts: z
      .array(
        z.looseObject({
          id: z.string(),
          contract_number: z.string(),
          similarity: z.number(),
          status_at_incident: z.string().nullable(),
        }),
      )
      .optional(),
    total_contracts: z.int().optional(),
  }),
  run: async ({ user_id, query, incident_date }, rag, { principal, signal }) => {
    checkGrant(rag, collections.users, principal);
    checkGrant(rag, collections.contracts, principal);
    const user = await getUser(rag, user_id);
    const filter = { facets: { user_id: [user_id] } };
    const documents = await rag.store.listDocuments(collections.contracts, filter, contractsLimit);
    const request = {
      ...{ collection: collections.contracts, query, topK: contractsLimit, filter },
      ...{ now: rag.now(), signal },
    };
    const { hits, degraded } = query.trim() === "" ? { hits: [] } : await search(rag, request);
    const hitsById = new Map(hits.map((hit) => [hit.chunk.document.sourceId, hit]));
    const masker = openMasker(rag, [user]);
    const contracts = documents
      .map((document) => {
        const record = contractRecord.parse(document.metadata);
        const hit = hitsById.get(document.sourceId);
        return contractOf(record, {
          hit,
          source: document.source,
          incidentDate: incident_date,
          masker,
        });
      })
      .sort((one, other) => other.similarity - one.similarity);
    return {
      ...untrusted,
      user_info: userInfoOf(user, masker),
      contracts,
      total_contracts: contracts.length,
      ...(degraded !== undefined && { degraded }),
    };
  },
});

async function getUser(rag: Rag, userId: string): Promise<UserRecord> {
  const document = await rag.store.findDocument(collections.users, userId);
  if (document) return userRecord.parse(document.metadata);
  throw new AppError("not_found", `Cannot get user ${JSON.stringify(userId)}: no such user`, {
    hint: "Take the user_id from the claim; the index follows the claims service after some seconds.",
  });
}

function userInfoOf(user: UserRecord, masker: Masker): Record<string, unknown> {
  const address = typeof user.address === "string" ? user.address : JSON.stringify(user.address);
  return {
    id: user.id ?? user.user_id,
    user_id: user.user_id,
    email: masker.value("EMAIL", user.email) ?? null,
    full_name: masker.value("PERSON_NAME", user.full_name) ?? null,
    date_of_birth: masker.value("DATE_OF_BIRTH", user.date_of_birth) ?? null,
    phone_number: masker.value("PHONE", user.phone_number) ?? null,
    address: masker.value("ADDRESS", address) ?? null,
  };
}

function contractOf(
  record: ContractRecord,
  found: { hit: Hit | undefined; source: string; incidentDate: string | null; masker: Masker },
): Record<string, unknown> & { similarity: number } {
  const { hit, incidentDate, masker } = found;
  return {
    id: record.id,
    contract_number: record.contract_number,
    contract_type: record.contract_type ?? null,
    coverage_amount: record.coverage_amount ?? null,
    full_text: masker.text(record.full_text ?? ""),
    key_terms: record.key_terms ?? null,
    is_active: record.is_active ?? null,
    similarity: hit?.similarity ?? 0,
    start_date: record.start_date ?? null,
    end_date: record.end_date ?? null,
    status_at_incident: incidentDate === null ? null : statusAt(record, incidentDate),
    deductible: record.deductible ?? null,
    exclusions: record.exclusions ?? null,
    currency: record.currency ?? null,
    ...(hit ? hitOf(hit) : { source: found.source }),
  };
}

const retrieveSimilarClaims = defineRagTool({
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
      .filter(({ record }) => record.decision !== null && !claim_text.includes(record.claim_number))
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
    ...hitOf(hit),
  };
}

/** The claims agent's own questions. */
export const claimsTools: readonly Tool<Rag>[] = [retrieveUserInfo, retrieveSimilarClaims];
