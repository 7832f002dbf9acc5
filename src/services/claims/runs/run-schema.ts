import * as z from "zod";
import { Instant, nullableInstant } from "../claim-schema.ts";
import { queryTruth, storableText, uuidText } from "../input.ts";
import { decisions, outcomes, statuses } from "../words.ts";
import { eventTypes } from "./events.ts";

const anything = z.record(z.string(), z.unknown());
const nullableText = z.string().nullable();
const id = z.string().meta({ format: "uuid" });

/** The body of a request to process a claim; each member may be left out. */
export const ProcessRequest = z
  .object({
    workflow_type: z.enum(["standard", "expedited"]).default("standard"),
    skip_ocr: z.boolean().default(false),
    skip_guardrails: z.boolean().default(false),
    enable_rag: z.boolean().default(true),
  })
  .meta({ id: "ProcessRequest" });
export type ProcessRequest = z.output<typeof ProcessRequest>;

export const ProcessQuery = z.object({
  wait: queryTruth(false).meta({ description: "Answer when the run has ended." }),
  force: queryTruth(false).meta({ description: "Also process what a person has decided." }),
});

/** A run that goes on. */
export const ProcessStarted = z
  .object({
    claim_id: id,
    run_id: id,
    status: z.enum(statuses),
    message: z.string(),
    processing_started_at: Instant,
    events_url: z.string(),
  })
  .meta({ id: "ProcessStarted" });

/** A run that has ended. */
export const ProcessEnded = z
  .object({
    claim_id: id,
    run_id: id,
    status: z.enum(statuses),
    outcome: z.enum(outcomes).nullable(),
  })
  .meta({ id: "ProcessEnded" });

export const Step = z
  .object({
    step_name: z.string(),
    agent_name: z.string(),
    status: z.enum(["running", "completed", "failed"]),
    duration_ms: z.number().int().nullable(),
    started_at: Instant,
    completed_at: nullableInstant,
    input_data: anything.nullable(),
    output_data: anything.nullable(),
    error_message: nullableText,
  })
  .meta({ id: "Step" });

/** One rule that spoke against a claim, with the values that were compared. */
export const RuleHit = z
  .object({
    code: z.string(),
    kind: z.enum(["deny", "review", "doubt"]),
    message: z.string(),
    evidence: anything,
    source: z.string(),
  })
  .meta({ id: "RuleHit" });

const share = z.number().min(0).max(1);
const word = z.enum(decisions);

export const Decision = z
  .object({
    id,
    claim_id: id,
    run_id: id,
    initial_decision: word,
    initial_confidence: share.nullable(),
    initial_reasoning: nullableText,
    initial_decided_at: Instant,
    final_decision: word.nullable(),
    final_decision_by: nullableText,
    final_decision_by_name: nullableText,
    final_decision_at: nullableInstant,
    final_decision_notes: nullableText,
    decision: word,
    confidence: share.nullable(),
    reasoning: nullableText,
    proposed_decision: nullableText,
    rule_hits: z.array(RuleHit),
    payable_amount: z.number().nullable(),
    currency: nullableText,
    red_flags: z.array(z.string()),
    required_documentation: z.array(z.string()),
    relevant_policies: z.unknown(),
    similar_claims: z.unknown(),
    user_contract_info: z.unknown(),
    llm_model: nullableText,
    requires_manual_review: z.boolean(),
    decided_at: Instant,
  })
  .meta({ id: "Decision" });

export const RunSummary = z
  .object({
    run_id: id,
    claim_id: id,
    state: z.enum(["queued", "running", "completed", "failed"]),
    origin: z.string(),
    options: anything,
    attempt: z.number().int(),
    requested_at: Instant,
    started_at: nullableInstant,
    finished_at: nullableInstant,
    duration_ms: z.number().int().nullable(),
    status: nullableText,
    outcome: nullableText,
    error: nullableText,
  })
  .meta({ id: "RunSummary" });

export const Run = RunSummary.extend({
  note: nullableText,
  steps: z.array(Step),
  decision: Decision.nullable(),
}).meta({ id: "Run" });

export const RunList = z.object({
  claim_id: id,
  runs: z.array(RunSummary),
  total: z.number().int(),
});

export const ClaimStatus = z
  .object({
    claim_id: id,
    status: z.enum(statuses),
    current_step: nullableText,
    progress_percentage: z.number(),
    processing_steps: z.array(Step),
    estimated_completion_time: nullableInstant,
  })
  .meta({ id: "ClaimStatus" });

export const Logs = z.object({ claim_id: id, logs: z.array(Step) });

export const Guardrails = z.object({
  claim_id: id,
  detections: z.array(
    z.object({
      id,
      detection_type: z.string(),
      severity: z.string(),
      action_taken: z.string(),
      detected_at: Instant,
      record_metadata: anything,
    }),
  ),
  total: z.number().int(),
});

export const RunQuery = z.object({
  run_id: uuidText.optional().meta({ description: "One run; the newest when absent." }),
});
export const EventsQuery = z.object({
  run_id: uuidText.optional().meta({ description: "Only the events of this run." }),
  last_event_id: storableText(100)
    .optional()
    .meta({ description: "The same as the header Last-Event-ID." }),
});

export const eventDescription = `Server-sent events of the types ${eventTypes.join(", ")}: those that are
stored after Last-Event-ID, then those that happen. The id of an event names its stream and counts its events. An id of a
stream that is gone, as by a reset, is answered with stream.restarted and then all events from the beginning.`;
