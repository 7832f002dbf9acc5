import { boolean, date, index, pgTable, text, varchar } from "drizzle-orm/pg-core";
import { id, instant, json, money, tracked, userKey } from "../columns.ts";

export const users = pgTable(
  "users",
  {
    id: id(),
    userId: userKey().notNull().unique(),
    email: varchar("email", { length: 255 }),
    fullName: varchar("full_name", { length: 255 }),
    dateOfBirth: date("date_of_birth"),
    phoneNumber: varchar("phone_number", { length: 50 }),
    address: text("address"),
    createdAt: instant("created_at").notNull().defaultNow(),
    ...tracked(),
  },
  (table) => [index("idx_users_changed").on(table.changedIn, table.id)],
);

export const userContracts = pgTable(
  "user_contracts",
  {
    id: id(),
    userId: userKey()
      .notNull()
      .references(() => users.userId, { onDelete: "cascade" }),
    contractNumber: varchar("contract_number", { length: 64 }).notNull().unique(),
    contractType: varchar("contract_type", { length: 64 }).notNull(),
    startDate: date("start_date"),
    endDate: date("end_date"),
    coverageAmount: money("coverage_amount"),
    deductible: money("deductible"),
    copay: money("copay"),
    currency: varchar("currency", { length: 3 }),
    premiumAmount: money("premium_amount"),
    paymentFrequency: varchar("payment_frequency", { length: 20 }),
    fullText: text("full_text"),
    keyTerms: json("key_terms"),
    coverageDetails: json("coverage_details"),
    exclusions: json("exclusions"),
    isActive: boolean("is_active").notNull().default(true),
    createdAt: instant("created_at").notNull().defaultNow(),
    ...tracked(),
  },
  (table) => [
    index("idx_user_contracts_user").on(table.userId),
    index("idx_user_contracts_changed").on(table.changedIn, table.id),
  ],
);

export const knowledgeBase = pgTable(
  "knowledge_base",
  {
    id: id(),
    title: varchar("title", { length: 255 }).notNull(),
    content: text("content").notNull(),
    category: varchar("category", { length: 100 }),
    tags: json("tags"),
    version: varchar("version", { length: 20 }),
    isActive: boolean("is_active").notNull().default(true),
    effectiveDate: date("effective_date"),
    expiryDate: date("expiry_date"),
    createdAt: instant("created_at").notNull().defaultNow(),
    ...tracked(),
  },
  (table) => [index("idx_knowledge_base_changed").on(table.changedIn, table.id)],
);
