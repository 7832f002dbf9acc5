import * as z from "zod";
import { AppError } from "../../src/core/fault.ts";
import { statusAt } from "./retrieve/contracts.ts";
import type { Masker } from "./retrieve/mask.ts";
import { defineRagTool, hitOf, resultFields, untrusted } from "./retrieve/present.ts";
import { checkGrant, openMasker, type Rag } from "./retrieve/rag.ts";
import {
  type ContractRecord,
  collections,
  contractRecord,
  type UserRecord,
  userRecord,
} from "./retrieve/records.ts";
import { type Hit, search } from "./retrieve/search.ts";
import { queryCharacters } from "./tools-search.ts";

/** Contracts of one user that are returned at most; the samples have two. */
const contractsLimit = 200;

/** A claimant with every contract. */
export const retrieveUserInfo = defineRagTool({
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
    key_terms: masker.all(record.key_terms ?? null),
    is_active: record.is_active ?? null,
    similarity: hit?.similarity ?? 0,
    start_date: record.start_date ?? null,
    end_date: record.end_date ?? null,
    status_at_incident: incidentDate === null ? null : statusAt(record, incidentDate),
    deductible: record.deductible ?? null,
    exclusions: masker.all(record.exclusions ?? null),
    currency: record.currency ?? null,
    ...(hit ? hitOf(hit, masker) : { source: found.source }),
  };
}
