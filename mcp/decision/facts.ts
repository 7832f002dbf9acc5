import * as z from "zod";

/** The most contracts of one claimant, and the most other claims, that are looked at. */
const contractLimitCount = 200;
const otherClaimLimitCount = 500;
/** The most pages and fields of one document. */
const pageLimitCount = 2_000;
const fieldLimitCount = 500;
/** The longest document text, in UTF-16 units. */
const textLimit = 4_000_000;

const share = z.number().min(0).max(1);
const date = z.iso.date();
const instant = z.iso.datetime({ offset: true });
const id = z.string().min(1).max(100);

/** One field as it was read from the document; the gate parses dates and amounts itself, in English and in French. */
const DocumentField = z.object({
  value: z.union([z.string(), z.number(), z.null()]),
  /** 0 to 1; null when the reader gave none: then the page's counts. */
  confidence: share.nullable().default(null),
  page: z.int().min(1).nullable().default(null),
});

/** The stored extraction of a document: what ocr_document returned, unmasked. */
export const DocumentFacts = z.object({
  sha256: z.string().nullable().default(null),
  /** 0 to 1 over the whole document. */
  confidence: share.nullable(),
  pages: z
    .array(z.object({ page: z.int().min(1), confidence: share.nullable() }))
    .max(pageLimitCount)
    .default([]),
  fields: z
    .record(z.string(), DocumentField)
    .refine((fields) => Object.keys(fields).length <= fieldLimitCount, "too many fields"),
  /** The whole text, unmasked; for other claims it may be left out. */
  text: z.string().max(textLimit).default(""),
  /** ISO 639 code such as eng or fra; numeric dates such as 04/03/2025 are read as the language writes them. */
  language: z.string().nullable().default(null),
  /** The reader's warnings; one that begins with hidden_text counts as an instruction to the agent. */
  warnings: z.array(z.string()).max(1_000).default([]),
});
export type DocumentFacts = z.output<typeof DocumentFacts>;

/** The terms of one contract, money in units of its currency. */
export const ContractFacts = z.object({
  contract_number: z.string().min(1),
  /** For example Health Insurance, or Medical: the synonyms of facts count as the same. */
  contract_type: z.string(),
  /** First and last day of cover, both inclusive. */
  start_date: date.nullable(),
  end_date: date.nullable(),
  coverage_amount: z.number().nullable(),
  deductible: z.number().nullable(),
  /** Counts for Health contracts only. */
  copay: z.number().nullable().default(null),
  /** ISO 4217. */
  currency: z.string().nullable(),
  exclusions: z.array(z.string()).max(200).default([]),
  /** False for a cancelled contract. */
  is_active: z.boolean(),
});
export type ContractFacts = z.output<typeof ContractFacts>;

/** Another claim that this one may repeat: of the same user, or with the same document hash. */
const OtherClaim = z.object({
  claim_id: id,
  claim_number: z.string(),
  user_id: id,
  claim_type: z.string().nullable(),
  submitted_at: instant,
  /** failed and archived claims never count as the earlier one. */
  status: z.string(),
  is_archived: z.boolean(),
  document: DocumentFacts.nullable(),
});

/**
 * What the decision rules know of a claim. The claims service answers with this shape; without one it is the `facts`
 * argument of make_final_decision. Members that are not listed are ignored.
 */
export const Facts = z.object({
  claim: z.object({
    claim_id: id,
    claim_number: z.string(),
    user_id: id,
    claim_type: z.string().nullable(),
    submitted_at: instant,
  }),
  /** Null when no such user is known. */
  user: z.object({ user_id: id, full_name: z.string().nullable() }).nullable(),
  /** Every contract of the user, of all types, oldest first; cancelled ones too. */
  contracts: z.array(ContractFacts).max(contractLimitCount),
  /** Null when no extraction of the document is stored. */
  document: DocumentFacts.nullable(),
  other_claims: z.array(OtherClaim).max(otherClaimLimitCount).default([]),
});
export type Facts = z.output<typeof Facts>;
