import { sql } from "drizzle-orm";
import { customType, numeric, timestamp, uuid, varchar } from "drizzle-orm/pg-core";

/**
 * A jsonb column. Drizzle's own one hands the driver a text, which Bun.sql stores as a JSON string; by way of the type
 * text the server parses it, and the value comes back as it went in.
 */
export const json = customType<{ data: unknown; driverData: unknown }>({
  dataType: () => "jsonb",
  toDriver: (value) => sql`${JSON.stringify(value)}::text::jsonb`,
});

/** A transaction's id, for ordering changes by when they became visible. */
export const transactionId = customType<{ data: string; driverData: string }>({
  dataType: () => "xid8",
});

/** A point in time. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

export const id = () => uuid("id").primaryKey().defaultRandom();
/** The people's key of a user, such as USR001. */
export const userKey = () => varchar("user_id", { length: 64 });

/** What every row that other services copy carries; both are kept up by a trigger. */
export const tracked = () => ({
  updatedAt: instant("updated_at").notNull().defaultNow(),
  changedIn: transactionId("changed_in").notNull().default(sql`pg_current_xact_id()`),
});

/** An amount in the currency's unit with its cents; decimal text in the program. */
export const money = (name: string) => numeric(name, { precision: 14, scale: 2 });
