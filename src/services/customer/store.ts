import { eq, sql } from "drizzle-orm";
import { customer, utcNow } from "../../../db/customer/schema.ts";
import type { Database } from "../../../db/database.ts";
import { isUniqueViolation } from "../../../db/failure.ts";
import { AppError } from "../../core/fault.ts";
import { columns } from "./columns.ts";
import type { CreateCustomer, Customer, UpdateCustomer } from "./schema.ts";
import { createSearch, type Search } from "./search.ts";

/** The customers in the database. */
export interface CustomerStore {
  find(customerId: string): Promise<Customer | undefined>;
  search: Search;
  /** @throws AppError `conflict` when the id is taken. */
  create(input: CreateCustomer): Promise<Customer>;
  replace(customerId: string, input: UpdateCustomer): Promise<Customer | undefined>;
  /** Removes the customer for good; false when there was none. */
  remove(customerId: string): Promise<boolean>;
}

const byId = eq(customer.customerId, sql.placeholder("customerId"));

export function createCustomerStore(database: Database): CustomerStore {
  const { queries, run } = database;
  const selectById = queries.select(columns).from(customer).where(byId).prepare("customer_by_id");
  const deleteById = queries
    .delete(customer)
    .where(byId)
    .returning({ customerId: customer.customerId })
    .prepare("customer_delete");

  async function find(customerId: string): Promise<Customer | undefined> {
    if (!isStorable(customerId)) return undefined;
    const [found] = await run(() => selectById.execute({ customerId }));
    return found;
  }

  return {
    find,
    search: createSearch(database),
    async create(input) {
      if (await find(input.customerId)) {
        throw conflict(`Customer with ID ${input.customerId} already exists`);
      }
      const insert = queries
        .insert(customer)
        .values({ ...valuesOf(input), customerId: input.customerId, createdAt: utcNow })
        .returning(columns);
      return onlyRow(await run(() => insert).catch(toLostRace));
    },
    async replace(customerId, input) {
      if (!isStorable(customerId)) return undefined;
      const update = queries
        .update(customer)
        .set(valuesOf(input))
        .where(eq(customer.customerId, customerId))
        .returning(columns);
      const [replaced] = await run(() => update);
      return replaced;
    },
    async remove(customerId) {
      if (!isStorable(customerId)) return false;
      const removed = await run(() => deleteById.execute({ customerId }));
      return removed.length === 1;
    },
  };
}

/** PostgreSQL text holds no NUL: such an id cannot exist, and asking for it would be an error. */
function isStorable(customerId: string): boolean {
  return !customerId.includes("\0");
}

/** The whole record but its id and its creation; what the request left out becomes null. */
function valuesOf(input: UpdateCustomer) {
  return {
    companyName: input.companyName,
    contactName: input.contactName ?? null,
    contactTitle: input.contactTitle ?? null,
    address: input.address ?? null,
    city: input.city ?? null,
    region: input.region ?? null,
    postalCode: input.postalCode ?? null,
    country: input.country ?? null,
    phone: input.phone ?? null,
    fax: input.fax ?? null,
    contactEmail: input.contactEmail ?? null,
    updatedAt: utcNow,
  };
}

/** Two callers can both find the id free; the primary key decides, and the loser is told. */
function toLostRace(error: unknown): never {
  if (!isUniqueViolation(error)) throw error;
  throw conflict("Data integrity violation - possibly duplicate customer ID");
}

function conflict(message: string): AppError {
  return new AppError("conflict", message);
}

function onlyRow(rows: readonly Customer[]): Customer {
  const [row] = rows;
  if (row === undefined) throw new Error("an insert returned no row");
  return row;
}
