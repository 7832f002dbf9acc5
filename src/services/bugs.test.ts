import { describe, expect, test } from "bun:test";
import { useTestService } from "../../tests/rest.ts";
import { customerService } from "./customer/service.ts";
import { financeService } from "./finance/service.ts";

const customer = useTestService(customerService);
const finance = useTestService(financeService);

/** A table that is gone stands for any bug: the database is there, the statement is wrong. */
const breakTables = async () => {
  await customer.sql`alter table customer rename to elsewhere`;
  await finance.sql`alter table orders rename to elsewhere`;
  await finance.sql`alter table invoices rename to elsewhere_too`;
};

describe("a bug", () => {
  test("is answered in the operation's own words and never in the database's", async () => {
    await breakTables();
    const broken = await customer.send("GET", "/api/customers/AROUT");
    expect([broken.status, broken.json]).toEqual([
      500,
      {
        timestamp: expect.any(String),
        status: 500,
        error: "Internal Server Error",
        message: "An unexpected error occurred",
        errors: null,
      },
    ]);
    const claim = { customerId: "AROUT", orderId: 8, description: "Twice" };
    for (const [method, path, message] of [
      ["POST", "orders/history", "Error retrieving order history: internal error"],
      ["POST", "invoices/history", "Error retrieving invoice history: internal error"],
      ["POST", "disputes/duplicate-charge", "Internal server error"],
      ["POST", "receipts/find-lost", "Internal server error"],
      ["GET", "orders/8", "Internal server error"],
    ] as const) {
      const body = method === "POST" ? { body: claim } : {};
      const answer = await finance.send(method, `/api/finance/${path}`, body);
      expect([answer.status, answer.text]).toEqual([
        500,
        `{"data":null,"success":false,"message":"${message}"}`,
      ]);
    }
  });
});
