CREATE TABLE "claim_documents" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"claim_id" uuid NOT NULL,
	"document_path" text NOT NULL,
	"sha256" varchar(64),
	"file_size_bytes" bigint,
	"mime_type" varchar(100),
	"page_count" integer,
	"raw_ocr_text" text,
	"structured_data" jsonb,
	"pages" jsonb,
	"warnings" jsonb,
	"ocr_confidence" double precision,
	"language" varchar(32),
	"extracted_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "claim_documents_claim_id_unique" UNIQUE("claim_id")
);
--> statement-breakpoint
CREATE TABLE "claims" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" varchar(64) NOT NULL,
	"claim_number" varchar(64) NOT NULL,
	"claim_type" varchar(64),
	"document_path" text NOT NULL,
	"status" varchar(20) DEFAULT 'pending' NOT NULL,
	"outcome" varchar(10),
	"submitted_at" timestamp with time zone DEFAULT now() NOT NULL,
	"processed_at" timestamp with time zone,
	"total_processing_time_ms" integer,
	"is_archived" boolean DEFAULT false NOT NULL,
	"metadata" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"agent_logs" jsonb,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_in" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	CONSTRAINT "claims_claim_number_unique" UNIQUE("claim_number"),
	CONSTRAINT "claims_status_known" CHECK ("claims"."status" in ('pending', 'processing', 'completed', 'failed', 'manual_review', 'pending_info')),
	CONSTRAINT "claims_outcome_known" CHECK ("claims"."outcome" in ('approve', 'deny'))
);
--> statement-breakpoint
CREATE TABLE "document_uploads" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"document_path" text NOT NULL,
	"sha256" varchar(64) NOT NULL,
	"file_size_bytes" bigint NOT NULL,
	"mime_type" varchar(100) NOT NULL,
	"page_count" integer NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "document_uploads_document_path_unique" UNIQUE("document_path")
);
--> statement-breakpoint
CREATE TABLE "knowledge_base" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"title" varchar(255) NOT NULL,
	"content" text NOT NULL,
	"category" varchar(100),
	"tags" jsonb,
	"version" varchar(20),
	"is_active" boolean DEFAULT true NOT NULL,
	"effective_date" date,
	"expiry_date" date,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_in" "xid8" DEFAULT pg_current_xact_id() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "user_contracts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" varchar(64) NOT NULL,
	"contract_number" varchar(64) NOT NULL,
	"contract_type" varchar(64) NOT NULL,
	"start_date" date,
	"end_date" date,
	"coverage_amount" numeric(14, 2),
	"deductible" numeric(14, 2),
	"copay" numeric(14, 2),
	"currency" varchar(3),
	"premium_amount" numeric(14, 2),
	"payment_frequency" varchar(20),
	"full_text" text,
	"key_terms" jsonb,
	"coverage_details" jsonb,
	"exclusions" jsonb,
	"is_active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_in" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	CONSTRAINT "user_contracts_contract_number_unique" UNIQUE("contract_number")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" varchar(64) NOT NULL,
	"email" varchar(255),
	"full_name" varchar(255),
	"date_of_birth" date,
	"phone_number" varchar(50),
	"address" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_in" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	CONSTRAINT "users_user_id_unique" UNIQUE("user_id")
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"actor" varchar(255) NOT NULL,
	"action" varchar(64) NOT NULL,
	"claim_id" uuid,
	"detail" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "review_messages" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"claim_id" uuid NOT NULL,
	"type" varchar(20) NOT NULL,
	"reviewer_id" varchar(255) NOT NULL,
	"reviewer_name" varchar(255) NOT NULL,
	"message" text NOT NULL,
	"answer" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "review_presence" (
	"connection_id" uuid PRIMARY KEY NOT NULL,
	"replica" uuid NOT NULL,
	"claim_id" uuid NOT NULL,
	"reviewer_id" varchar(255) NOT NULL,
	"reviewer_name" varchar(255) NOT NULL,
	"joined_at" timestamp with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sync_tombstones" (
	"kind" varchar(20) NOT NULL,
	"id" uuid NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_in" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	CONSTRAINT "sync_tombstones_kind_id_pk" PRIMARY KEY("kind","id")
);
--> statement-breakpoint
CREATE TABLE "claim_decisions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"claim_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"proposed_decision" varchar(20),
	"initial_decision" varchar(20) NOT NULL,
	"initial_confidence" double precision,
	"initial_reasoning" text,
	"initial_decided_at" timestamp with time zone DEFAULT now() NOT NULL,
	"final_decision" varchar(20),
	"final_decision_by" varchar(255),
	"final_decision_by_name" varchar(255),
	"final_decision_at" timestamp with time zone,
	"final_decision_notes" text,
	"relevant_policies" jsonb,
	"similar_claims" jsonb,
	"user_contract_info" jsonb,
	"rule_hits" jsonb NOT NULL,
	"red_flags" jsonb NOT NULL,
	"required_documentation" jsonb NOT NULL,
	"payable_amount" numeric(14, 2),
	"currency" varchar(3),
	"llm_model" varchar(255),
	"requires_manual_review" boolean NOT NULL,
	"call_digest" varchar(64),
	CONSTRAINT "claim_decisions_run_id_unique" UNIQUE("run_id")
);
--> statement-breakpoint
CREATE TABLE "claim_events" (
	"claim_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"run_id" uuid,
	"type" varchar(40) NOT NULL,
	"data" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "claim_events_claim_id_number_pk" PRIMARY KEY("claim_id","number")
);
--> statement-breakpoint
CREATE TABLE "claim_streams" (
	"claim_id" uuid PRIMARY KEY NOT NULL,
	"last_number" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "guardrails_detections" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"claim_id" uuid NOT NULL,
	"run_id" uuid,
	"detection_type" varchar(64) NOT NULL,
	"severity" varchar(10) NOT NULL,
	"action_taken" varchar(20) NOT NULL,
	"detected_at" timestamp with time zone DEFAULT now() NOT NULL,
	"record_metadata" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "processing_logs" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"claim_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"attempt" integer NOT NULL,
	"step_key" varchar(255) NOT NULL,
	"step_name" varchar(100) NOT NULL,
	"agent_name" varchar(100) NOT NULL,
	"status" varchar(20) NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"completed_at" timestamp with time zone,
	"duration_ms" integer,
	"input_data" jsonb,
	"output_data" jsonb,
	"error_message" text
);
--> statement-breakpoint
CREATE TABLE "processing_runs" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"claim_id" uuid NOT NULL,
	"state" varchar(20) DEFAULT 'queued' NOT NULL,
	"origin" varchar(20) DEFAULT 'process' NOT NULL,
	"options" jsonb NOT NULL,
	"idempotency_key" varchar(255),
	"job_id" uuid,
	"attempt" integer DEFAULT 0 NOT NULL,
	"worker" varchar(128),
	"heartbeat_at" timestamp with time zone,
	"requested_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"result_status" varchar(20),
	"outcome" varchar(10),
	"error" text,
	"note" text,
	CONSTRAINT "processing_runs_state_known" CHECK ("processing_runs"."state" in ('queued', 'running', 'completed', 'failed'))
);
--> statement-breakpoint
ALTER TABLE "claim_documents" ADD CONSTRAINT "claim_documents_claim_id_claims_id_fk" FOREIGN KEY ("claim_id") REFERENCES "public"."claims"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claims" ADD CONSTRAINT "claims_user_id_users_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_contracts" ADD CONSTRAINT "user_contracts_user_id_users_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("user_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_messages" ADD CONSTRAINT "review_messages_claim_id_claims_id_fk" FOREIGN KEY ("claim_id") REFERENCES "public"."claims"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_presence" ADD CONSTRAINT "review_presence_claim_id_claims_id_fk" FOREIGN KEY ("claim_id") REFERENCES "public"."claims"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claim_decisions" ADD CONSTRAINT "claim_decisions_claim_id_claims_id_fk" FOREIGN KEY ("claim_id") REFERENCES "public"."claims"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claim_decisions" ADD CONSTRAINT "claim_decisions_run_id_processing_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."processing_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claim_events" ADD CONSTRAINT "claim_events_claim_id_claims_id_fk" FOREIGN KEY ("claim_id") REFERENCES "public"."claims"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claim_streams" ADD CONSTRAINT "claim_streams_claim_id_claims_id_fk" FOREIGN KEY ("claim_id") REFERENCES "public"."claims"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guardrails_detections" ADD CONSTRAINT "guardrails_detections_claim_id_claims_id_fk" FOREIGN KEY ("claim_id") REFERENCES "public"."claims"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guardrails_detections" ADD CONSTRAINT "guardrails_detections_run_id_processing_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."processing_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "processing_logs" ADD CONSTRAINT "processing_logs_claim_id_claims_id_fk" FOREIGN KEY ("claim_id") REFERENCES "public"."claims"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "processing_logs" ADD CONSTRAINT "processing_logs_run_id_processing_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."processing_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "processing_runs" ADD CONSTRAINT "processing_runs_claim_id_claims_id_fk" FOREIGN KEY ("claim_id") REFERENCES "public"."claims"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "idx_claim_documents_sha256" ON "claim_documents" USING btree ("sha256");--> statement-breakpoint
CREATE INDEX "idx_claims_submitted" ON "claims" USING btree ("submitted_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "idx_claims_status" ON "claims" USING btree ("status");--> statement-breakpoint
CREATE INDEX "idx_claims_user" ON "claims" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "idx_claims_changed" ON "claims" USING btree ("changed_in","id");--> statement-breakpoint
CREATE INDEX "idx_knowledge_base_changed" ON "knowledge_base" USING btree ("changed_in","id");--> statement-breakpoint
CREATE INDEX "idx_user_contracts_user" ON "user_contracts" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "idx_user_contracts_changed" ON "user_contracts" USING btree ("changed_in","id");--> statement-breakpoint
CREATE INDEX "idx_users_changed" ON "users" USING btree ("changed_in","id");--> statement-breakpoint
CREATE INDEX "idx_audit_log_claim" ON "audit_log" USING btree ("claim_id");--> statement-breakpoint
CREATE INDEX "idx_review_messages_claim" ON "review_messages" USING btree ("claim_id","created_at");--> statement-breakpoint
CREATE INDEX "idx_review_presence_claim" ON "review_presence" USING btree ("claim_id");--> statement-breakpoint
CREATE INDEX "idx_sync_tombstones_changed" ON "sync_tombstones" USING btree ("kind","changed_in","id");--> statement-breakpoint
CREATE INDEX "idx_claim_decisions_claim" ON "claim_decisions" USING btree ("claim_id","initial_decided_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "idx_guardrails_claim" ON "guardrails_detections" USING btree ("claim_id","detected_at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "processing_logs_step" ON "processing_logs" USING btree ("run_id","attempt","step_key");--> statement-breakpoint
CREATE INDEX "idx_processing_logs_claim" ON "processing_logs" USING btree ("claim_id","started_at");--> statement-breakpoint
CREATE UNIQUE INDEX "processing_runs_one_live" ON "processing_runs" USING btree ("claim_id") WHERE "processing_runs"."state" in ('queued', 'running');--> statement-breakpoint
CREATE UNIQUE INDEX "processing_runs_idempotency" ON "processing_runs" USING btree ("claim_id","idempotency_key");--> statement-breakpoint
CREATE INDEX "idx_processing_runs_claim" ON "processing_runs" USING btree ("claim_id","requested_at" DESC NULLS LAST);