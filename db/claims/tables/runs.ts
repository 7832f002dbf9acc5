import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
  varchar,
} from "drizzle-orm/pg-core";
import { id, instant, json, money } from "../columns.ts";
import { claimId } from "./claims.ts";

export const processingRuns = pgTable(
  "processing_runs",
  {
    id: id(),
    claimId: claimId(),
    state: varchar("state", { length: 20 }).notNull().default("queued"),
    origin: varchar("origin", { length: 20 }).notNull().default("process"),
    options: json("options").notNull(),
    idempotencyKey: varchar("idempotency_key", { length: 255 }),
    /** The queue's id of the job that carries the run. */
    jobId: uuid("job_id"),
    /** Counts the takeovers; whoever holds an older number may no longer write. */
    attempt: integer("attempt").notNull().default(0),
    worker: varchar("worker", { length: 128 }),
    heartbeatAt: instant("heartbeat_at"),
    requestedAt: instant("requested_at").notNull().defaultNow(),
    startedAt: instant("started_at"),
    finishedAt: instant("finished_at"),
    resultStatus: varchar("result_status", { length: 20 }),
    outcome: varchar("outcome", { length: 10 }),
    error: text("error"),
    note: text("note"),
  },
  (table) => [
    // At most one live run a claim, whatever the program does.
    uniqueIndex("processing_runs_one_live")
      .on(table.claimId)
      .where(sql`${table.state} in ('queued', 'running')`),
    uniqueIndex("processing_runs_idempotency").on(table.claimId, table.idempotencyKey),
    index("idx_processing_runs_claim").on(table.claimId, table.requestedAt.desc()),
    check(
      "processing_runs_state_known",
      sql`${table.state} in ('queued', 'running', 'completed', 'failed')`,
    ),
  ],
);

const runId = () =>
  uuid("run_id")
    .notNull()
    .references(() => processingRuns.id, { onDelete: "cascade" });

export const processingLogs = pgTable(
  "processing_logs",
  {
    id: id(),
    claimId: claimId(),
    runId: runId(),
    attempt: integer("attempt").notNull(),
    /** The agent's name of the step, unique in its attempt. */
    stepKey: varchar("step_key", { length: 255 }).notNull(),
    stepName: varchar("step_name", { length: 100 }).notNull(),
    agentName: varchar("agent_name", { length: 100 }).notNull(),
    status: varchar("status", { length: 20 }).notNull(),
    startedAt: instant("started_at").notNull(),
    completedAt: instant("completed_at"),
    durationMs: integer("duration_ms"),
    inputData: json("input_data"),
    outputData: json("output_data"),
    errorMessage: text("error_message"),
  },
  (table) => [
    uniqueIndex("processing_logs_step").on(table.runId, table.attempt, table.stepKey),
    index("idx_processing_logs_claim").on(table.claimId, table.startedAt),
  ],
);

export const guardrailsDetections = pgTable(
  "guardrails_detections",
  {
    id: id(),
    claimId: claimId(),
    runId: uuid("run_id").references(() => processingRuns.id, { onDelete: "cascade" }),
    detectionType: varchar("detection_type", { length: 64 }).notNull(),
    severity: varchar("severity", { length: 10 }).notNull(),
    actionTaken: varchar("action_taken", { length: 20 }).notNull(),
    detectedAt: instant("detected_at").notNull().defaultNow(),
    recordMetadata: json("record_metadata").notNull(),
  },
  (table) => [index("idx_guardrails_claim").on(table.claimId, table.detectedAt.desc())],
);

export const claimDecisions = pgTable(
  "claim_decisions",
  {
    id: id(),
    claimId: claimId(),
    runId: runId().unique(),
    proposedDecision: varchar("proposed_decision", { length: 20 }),
    initialDecision: varchar("initial_decision", { length: 20 }).notNull(),
    initialConfidence: doublePrecision("initial_confidence"),
    initialReasoning: text("initial_reasoning"),
    initialDecidedAt: instant("initial_decided_at").notNull().defaultNow(),
    finalDecision: varchar("final_decision", { length: 20 }),
    finalDecisionBy: varchar("final_decision_by", { length: 255 }),
    finalDecisionByName: varchar("final_decision_by_name", { length: 255 }),
    finalDecisionAt: instant("final_decision_at"),
    finalDecisionNotes: text("final_decision_notes"),
    relevantPolicies: json("relevant_policies"),
    similarClaims: json("similar_claims"),
    userContractInfo: json("user_contract_info"),
    ruleHits: json("rule_hits").notNull(),
    redFlags: json("red_flags").notNull(),
    requiredDocumentation: json("required_documentation").notNull(),
    payableAmount: money("payable_amount"),
    currency: varchar("currency", { length: 3 }),
    llmModel: varchar("llm_model", { length: 255 }),
    requiresManualReview: boolean("requires_manual_review").notNull(),
    /** The digest of what the agent called; an identical repeat is recognised by it. */
    callDigest: varchar("call_digest", { length: 64 }),
  },
  (table) => [index("idx_claim_decisions_claim").on(table.claimId, table.initialDecidedAt.desc())],
);

/**
 * The last number that a claim's event stream has given out; its row lock orders the events of a claim. A claim that is
 * removed and comes back under its id, as by a reset, has a stream with another epoch.
 */
export const claimStreams = pgTable("claim_streams", {
  claimId: claimId().primaryKey(),
  epoch: uuid("epoch").notNull().defaultRandom(),
  lastNumber: integer("last_number").notNull(),
});

export const claimEvents = pgTable(
  "claim_events",
  {
    claimId: claimId(),
    number: integer("number").notNull(),
    runId: uuid("run_id"),
    type: varchar("type", { length: 40 }).notNull(),
    data: json("data").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.claimId, table.number] })],
);
