import * as z from "zod";
import { filledText, plainName, queryNumber, queryTruth, storableText } from "./input.ts";
import { outcomes, statuses } from "./words.ts";

/** An instant as answers print it: ISO 8601 in UTC. */
export const Instant = z.string().meta({ format: "date-time" });
export const nullableInstant = Instant.nullable();
const id = z.string().meta({ format: "uuid" });
const anything = z.record(z.string(), z.unknown());

/** A claim as every answer prints it. */
export const Claim = z
  .object({
    id,
    user_id: z.string(),
    claim_number: z.string(),
    claim_type: z.string().nullable(),
    document_path: z.string(),
    status: z.enum(statuses),
    outcome: z.enum(outcomes).nullable(),
    submitted_at: Instant,
    processed_at: nullableInstant,
    total_processing_time_ms: z.number().int().nullable(),
    is_archived: z.boolean(),
    metadata: anything,
    agent_logs: z.array(anything).nullable(),
    version: z.number().int(),
    created_at: Instant,
    updated_at: Instant,
  })
  .meta({ id: "Claim" });

export const ClaimPage = z
  .object({
    claims: z.array(Claim),
    total: z.number().int(),
    page: z.number().int(),
    page_size: z.number().int(),
  })
  .meta({ id: "ClaimPage" });

/** The longest names and paths, in UTF-16 units. */
const keyLimit = 64;
const pathLimit = 1_000;

/** The body of a new claim. */
export const CreateClaim = z
  .object({
    user_id: filledText(keyLimit),
    claim_number: plainName(keyLimit),
    claim_type: filledText(keyLimit).nullish(),
    document_path: filledText(pathLimit),
  })
  .meta({ id: "CreateClaim" });
export type CreateClaim = z.output<typeof CreateClaim>;

export const ReplaceDocument = z
  .object({ document_path: filledText(pathLimit) })
  .meta({ id: "ReplaceDocument" });

/** What lists can be ordered by; a minus before it turns the order round. */
export const sortFields = [
  "submitted_at",
  "processed_at",
  "claim_number",
  "status",
  "total_processing_time_ms",
] as const;
export type SortField = (typeof sortFields)[number];

const sortWords = sortFields.flatMap((field) => [field, `-${field}`] as const);
/** The last page that can be asked for; far beyond it the numbers end. */
const pageLimit = 10_000_000;

const filter = (description: string) =>
  storableText(255)
    .optional()
    .transform((value) => (value?.trim() ? value : undefined))
    .meta({ description });

/** The query of the list of claims. */
export const ListQuery = z.object({
  page: queryNumber({ least: 1, most: pageLimit, preset: 1 }),
  page_size: queryNumber({ least: 1, most: 100, preset: 20 }),
  status: z.enum(statuses, `must be one of ${statuses.join(", ")}`).optional(),
  outcome: z.enum(outcomes, `must be one of ${outcomes.join(", ")}`).optional(),
  claim_type: filter("The type, in any case."),
  user_id: filter("The user's key."),
  search: filter("Part of the claim's number, the user's key or the user's name, in any case."),
  include_archived: queryTruth(false),
  sort: z
    .enum(sortWords, `must be one of ${sortWords.join(", ")}`)
    .default("-submitted_at")
    .meta({ description: "A minus before the field means descending." }),
});
export type ListQuery = z.output<typeof ListQuery>;

export const ArchivedQuery = z.object({ include_archived: queryTruth(false) });

const number = z.number().int();
export const Statistics = z
  .object({
    total_claims: number,
    pending_claims: number,
    processing_claims: number,
    completed_claims: number,
    failed_claims: number,
    manual_review_claims: number,
    pending_info_claims: number,
    approved_claims: number,
    denied_claims: number,
    average_processing_time_ms: z.number().nullable(),
    override_rate: z.number().nullable(),
  })
  .meta({ id: "Statistics" });
