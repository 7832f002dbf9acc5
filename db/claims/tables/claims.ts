import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  pgTable,
  text,
  uuid,
  varchar,
} from "drizzle-orm/pg-core";
import { id, instant, json, tracked, userKey } from "../columns.ts";
import { users } from "./people.ts";

export const claims = pgTable(
  "claims",
  {
    id: id(),
    userId: userKey()
      .notNull()
      .references(() => users.userId),
    claimNumber: varchar("claim_number", { length: 64 }).notNull().unique(),
    claimType: varchar("claim_type", { length: 64 }),
    documentPath: text("document_path").notNull(),
    status: varchar("status", { length: 20 }).notNull().default("pending"),
    outcome: varchar("outcome", { length: 10 }),
    submittedAt: instant("submitted_at").notNull().defaultNow(),
    processedAt: instant("processed_at"),
    totalProcessingTimeMs: integer("total_processing_time_ms"),
    isArchived: boolean("is_archived").notNull().default(false),
    metadata: json("metadata").notNull().default(sql`'{}'::jsonb`),
    agentLogs: json("agent_logs"),
    version: integer("version").notNull().default(1),
    createdAt: instant("created_at").notNull().defaultNow(),
    ...tracked(),
  },
  (table) => [
    index("idx_claims_submitted").on(table.submittedAt.desc(), table.id),
    index("idx_claims_status").on(table.status),
    index("idx_claims_user").on(table.userId),
    index("idx_claims_changed").on(table.changedIn, table.id),
    check(
      "claims_status_known",
      sql`${table.status} in ('pending', 'processing', 'completed', 'failed', 'manual_review', 'pending_info')`,
    ),
    check("claims_outcome_known", sql`${table.outcome} in ('approve', 'deny')`),
  ],
);

/** A reference to a claim; what belongs to the claim goes with it. */
export const claimId = () =>
  uuid("claim_id")
    .notNull()
    .references(() => claims.id, { onDelete: "cascade" });

export const claimDocuments = pgTable(
  "claim_documents",
  {
    id: id(),
    claimId: claimId().unique(),
    documentPath: text("document_path").notNull(),
    sha256: varchar("sha256", { length: 64 }),
    fileSizeBytes: bigint("file_size_bytes", { mode: "number" }),
    mimeType: varchar("mime_type", { length: 100 }),
    pageCount: integer("page_count"),
    rawOcrText: text("raw_ocr_text"),
    /** The fields by name, each with its value, confidence and page, as the reader gave them. */
    structuredData: json("structured_data"),
    /** The pages with their confidence, and the reader's warnings. */
    pages: json("pages"),
    warnings: json("warnings"),
    ocrConfidence: doublePrecision("ocr_confidence"),
    language: varchar("language", { length: 32 }),
    extractedAt: instant("extracted_at"),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (table) => [index("idx_claim_documents_sha256").on(table.sha256)],
);

/** Uploaded files; a claim names one by its path. */
export const documentUploads = pgTable("document_uploads", {
  id: id(),
  documentPath: text("document_path").notNull().unique(),
  sha256: varchar("sha256", { length: 64 }).notNull(),
  fileSizeBytes: bigint("file_size_bytes", { mode: "number" }).notNull(),
  mimeType: varchar("mime_type", { length: 100 }).notNull(),
  pageCount: integer("page_count").notNull(),
  createdAt: instant("created_at").notNull().defaultNow(),
});
