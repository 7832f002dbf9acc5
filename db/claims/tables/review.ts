import { bigint, index, pgTable, primaryKey, text, uuid, varchar } from "drizzle-orm/pg-core";
import { id, instant, json, tracked } from "../columns.ts";
import { claimId } from "./claims.ts";

export const reviewMessages = pgTable(
  "review_messages",
  {
    id: id(),
    claimId: claimId(),
    type: varchar("type", { length: 20 }).notNull(),
    reviewerId: varchar("reviewer_id", { length: 255 }).notNull(),
    reviewerName: varchar("reviewer_name", { length: 255 }).notNull(),
    message: text("message").notNull(),
    answer: text("answer"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (table) => [index("idx_review_messages_claim").on(table.claimId, table.createdAt)],
);

/** Who is in a review room, on which replica; a replica that no longer says so has left with everybody. */
export const reviewPresence = pgTable(
  "review_presence",
  {
    connectionId: uuid("connection_id").primaryKey(),
    replica: uuid("replica").notNull(),
    claimId: claimId(),
    reviewerId: varchar("reviewer_id", { length: 255 }).notNull(),
    reviewerName: varchar("reviewer_name", { length: 255 }).notNull(),
    joinedAt: instant("joined_at").notNull().defaultNow(),
    seenAt: instant("seen_at").notNull().defaultNow(),
  },
  (table) => [index("idx_review_presence_claim").on(table.claimId)],
);

export const auditLog = pgTable(
  "audit_log",
  {
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    at: instant("at").notNull().defaultNow(),
    actor: varchar("actor", { length: 255 }).notNull(),
    action: varchar("action", { length: 64 }).notNull(),
    /** Kept when the claim itself is gone. */
    claimId: uuid("claim_id"),
    detail: json("detail").notNull(),
  },
  (table) => [index("idx_audit_log_claim").on(table.claimId)],
);

/** Rows that are gone, for those who keep copies. */
export const syncTombstones = pgTable(
  "sync_tombstones",
  {
    kind: varchar("kind", { length: 20 }).notNull(),
    id: uuid("id").notNull(),
    ...tracked(),
  },
  (table) => [
    primaryKey({ columns: [table.kind, table.id] }),
    index("idx_sync_tombstones_changed").on(table.kind, table.changedIn, table.id),
  ],
);
