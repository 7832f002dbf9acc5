import * as z from "zod";
import { filledText, storableText, uuidText } from "../input.ts";
import { decisions } from "../words.ts";

/** The longest reasoning and the longest entry of a list, in UTF-16 units, and the most entries. */
const reasoningLimit = 20_000;
const entryLimit = 2_000;
const entryLimitCount = 200;

const texts = z.array(storableText(entryLimit)).max(entryLimitCount).default([]);
const word = z.enum(decisions);

/** A decision as the decision server hands it over; docs/claims-internal.md is the contract. */
export const DecisionRecord = z.object({
  run_id: uuidText
    .transform((text) => text.toLowerCase())
    .nullable()
    .default(null),
  user_id: filledText(64),
  call_hash: z.string().regex(/^[0-9a-f]{64}$/),
  proposed_decision: word,
  recommendation: word,
  confidence: z.number().min(0).max(1),
  reasoning: filledText(reasoningLimit),
  payable_amount: z.number().min(0).max(1e12).nullable(),
  currency: z.string().length(3).nullable(),
  rule_hits: z
    .array(
      z.looseObject({
        code: filledText(64),
        kind: z.enum(["deny", "review", "doubt"]),
        message: storableText(entryLimit),
        evidence: z.record(z.string(), z.unknown()),
        source: storableText(64),
      }),
    )
    .max(entryLimitCount),
  relevant_policies: texts,
  red_flags: texts,
  required_documentation: texts,
  estimated_coverage_amount: z.number().nullable().default(null),
  requires_manual_review: z.boolean(),
});
export type DecisionRecord = z.output<typeof DecisionRecord>;
