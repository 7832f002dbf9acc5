import { sql } from "drizzle-orm";
import { index, pgTable, timestamp, varchar } from "drizzle-orm/pg-core";

/** Local date-times in UTC, read and written as text so that no microsecond is lost in a Date. */
const utcTimestamp = (name: string) => timestamp(name, { precision: 6, mode: "string" });

/** The one table of the customer service. */
export const customer = pgTable(
  "customer",
  {
    customerId: varchar("customer_id", { length: 5 }).primaryKey(),
    companyName: varchar("company_name", { length: 40 }).notNull(),
    contactName: varchar("contact_name", { length: 30 }),
    contactTitle: varchar("contact_title", { length: 30 }),
    address: varchar("address", { length: 60 }),
    city: varchar("city", { length: 15 }),
    region: varchar("region", { length: 15 }),
    postalCode: varchar("postal_code", { length: 10 }),
    country: varchar("country", { length: 15 }),
    phone: varchar("phone", { length: 24 }),
    fax: varchar("fax", { length: 24 }),
    contactEmail: varchar("contact_email", { length: 255 }),
    createdAt: utcTimestamp("created_at").notNull(),
    updatedAt: utcTimestamp("updated_at").notNull(),
  },
  (table) => [
    index("idx_company_name").on(table.companyName),
    index("idx_contact_name").on(table.contactName),
    index("idx_contact_email").on(table.contactEmail),
    index("idx_phone").on(table.phone),
  ],
);

/** The database's clock in UTC, whatever time zone the session has. */
export const utcNow = sql`(now() at time zone 'utc')`;
