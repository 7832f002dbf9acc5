import * as z from "zod";

/**
 * The claims service's records as `sync` writes them and the tools read them: `metadata` of documents in four collections.
 *
 * | collection       | sourceId    | facets                     | dates                                  | chunks of                  |
 * |------------------|-------------|----------------------------|----------------------------------------|----------------------------|
 * | `users`          | user_id     | -                          | -                                      | none: looked up by id only |
 * | `contracts`      | contract id | `user_id`                  | -                                      | full_text, key terms       |
 * | `claims`         | claim id    | `type` by `canonicalType`, `decision` (approve, deny; absent while undecided) | occurredAt = decided_at | claim_text |
 * | `knowledge_base` | article id  | `category` in lower case   | validFrom, validUntil; inactive absent | title, content             |
 */
export const collections = {
  users: "users",
  contracts: "contracts",
  claims: "claims",
  articles: "knowledge_base",
} as const;

const text = z.string().nullish();

/** A claimant. */
export const userRecord = z.looseObject({
  id: z.string().optional(),
  user_id: z.string(),
  email: text,
  full_name: text,
  date_of_birth: text,
  phone_number: text,
  address: z.unknown().optional(),
});
export type UserRecord = z.output<typeof userRecord>;

/** A contract of one user; every one is always returned. Amounts in `currency`, dates ISO. */
export const contractRecord = z.looseObject({
  id: z.string(),
  user_id: z.string(),
  contract_number: z.string(),
  contract_type: text,
  coverage_amount: z.number().nullish(),
  deductible: z.number().nullish(),
  currency: text,
  start_date: text,
  end_date: text,
  is_active: z.boolean().nullish(),
  full_text: text,
  key_terms: z.unknown().optional(),
  exclusions: z.unknown().optional(),
});
export type ContractRecord = z.output<typeof contractRecord>;

/** A claim; it is a precedent once it is decided. */
export const claimRecord = z.looseObject({
  claim_id: z.string(),
  claim_number: z.string(),
  user_id: text,
  claim_type: text,
  claim_text: z.string(),
  /** approve or deny; null while undecided, and then it is no precedent. */
  decision: z.enum(["approve", "deny"]).nullable(),
  /** The reviewer's or the gate's. */
  decided_by: text,
  decided_at: text,
  amount: z.number().nullish(),
  reasoning: text,
  processing_time_ms: z.number().nullish(),
});
export type ClaimRecord = z.output<typeof claimRecord>;

/** A rule of the knowledge base. */
export const articleRecord = z.looseObject({
  id: z.string(),
  title: z.string(),
  content: z.string(),
  category: text,
});
