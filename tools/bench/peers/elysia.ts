/** Elysia on bare postgres.js: the same queries and JSON, nothing else. `bun elysia.ts <port> <customer url> <finance url>` */
import { Elysia } from "elysia";
import postgres from "postgres";
import queries from "./queries.json";

const [port, customerUrl = "", financeUrl = ""] = process.argv.slice(2);
const options = { max: 10, types: { bigint: postgres.BigInt } };
const customers = postgres(customerUrl, options);
// The ids of the sample rows are small; the real service reads them as numbers too.
const finance = postgres(financeUrl, {
  max: 10,
  types: { bigint: { to: 20, from: [20], serialize: String, parse: Number } },
});
const prepared = { prepare: true };

new Elysia()
  .get("/api/customers/:id", async ({ params }) => {
    const [found] = await customers.unsafe(queries.customerById, [params.id], prepared);
    return found ?? new Response(null, { status: 404 });
  })
  .get("/api/customers", ({ query }) => {
    const { contactName, phone } = query;
    return contactName === undefined
      ? customers.unsafe(queries.customersByPhone, [`%${phone}%`], prepared)
      : customers.unsafe(queries.customersByContact, [`%${contactName}%`], prepared);
  })
  .post("/api/finance/orders/history", async ({ body }) => {
    // A bench's own client sends it: nothing is checked.
    const { customerId, limit = 50 } = body as { customerId: string; limit?: number };
    const data = await finance.unsafe(queries.orderHistory, [customerId, limit], prepared);
    const message = "Order history retrieved successfully";
    return { data, success: true, count: data.length, message };
  })
  .listen({ hostname: "127.0.0.1", port: Number(port) });
