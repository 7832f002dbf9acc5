import { describe, expect, test } from "bun:test";
import { invalidRequest, refusal } from "../../../tests/finance-failures.ts";
import { useTestService } from "../../../tests/rest.ts";
import type { FieldError } from "../field-errors.ts";
import { financeService } from "./service.ts";

const service = useTestService(financeService);

const get = (path: string) => service.send("GET", `/api/finance/${path}`);
const idsOf = (json: unknown) => (json as { data: { id: number }[] }).data.map(({ id }) => id);
const invalid = (errors: FieldError[]) => invalidRequest("/api/finance/invoices", errors);

describe("the read endpoints", () => {
  test.each([
    ["orders/8", "Order", 8],
    ["orders/ORD-008", "Order", 8],
    ["invoices/INV-003", "Invoice", 3],
    ["disputes/1", "Dispute", 1],
    ["receipts/RCPT-004", "Receipt", 4],
  ])("%s answers one %s", async (path, name, id) => {
    const answer = await get(path);
    expect(answer.json).toEqual({
      data: expect.objectContaining({ id }),
      success: true,
      message: `${name} retrieved successfully`,
    });
    expect(Object.keys(answer.json as object)).toEqual(["data", "success", "message"]);
  });

  test.each([
    ["orders/999", "Order", "999"],
    ["orders/99999999999999999999", "Order", "99999999999999999999"],
    ["invoices/ORD-001", "Invoice", "ORD-001"],
    ["disputes/%00", "Dispute", "\0"],
    ["receipts/a%2Fb", "Receipt", "a/b"],
    ["orders/%zz", "Order", "%zz"],
  ])("%s is no %s", async (path, name, id) => {
    const answer = await get(path);
    expect([answer.status, answer.json]).toEqual([
      404,
      refusal(`${name} not found with ID: ${id}`),
    ]);
  });

  test.each([
    ["orders?customerId=AROUT", [8, 3, 4]],
    ["orders?customerId=AROUT&status=PENDING", [8, 3]],
    ["orders?customerId=AROUT&status=", [8, 3, 4]],
    ["orders?customerId=AROUT&startDate=2024-01-25&limit=1", [8]],
    ["orders?customerId=AROUT&limit=1&offset=2", [4]],
    ["orders?customerId=AROUT&status=NONSENSE", []],
    ["invoices?orderId=8", [8]],
    ["disputes?disputeType=BILLING_ERROR", [1]],
    ["disputes?customerId=LONEP&orderId=2&status=OPEN", [2]],
    ["receipts?status=FOUND&endDate=2024-01-14", [4, 6]],
  ])("%s lists %p", async (path, expected) => {
    const answer = await get(path);
    expect(idsOf(answer.json)).toEqual(expected);
    expect(Object.keys(answer.json as object)).toEqual(["data", "success", "count", "message"]);
    expect(Number(answer.headers.get("x-total-count"))).toBeGreaterThanOrEqual(expected.length);
  });

  test("a bad query is refused like a bad body", async () => {
    const answer = await get("invoices?orderId=x&limit=-1");
    expect(answer.json).toEqual(
      invalid([
        { field: "orderId", rejectedValue: "x", message: "orderId must be a whole number" },
        {
          field: "limit",
          rejectedValue: "-1",
          message: "limit must be a whole number of 0 or more",
        },
      ]),
    );
  });

  test("both health endpoints count their own calls", async () => {
    const call = async (path: string) => (await service.send("GET", path)).json;
    const health = (count: number) => ({
      service: "Fantaco Finance API",
      count,
      status: "UP",
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+$/),
    });
    expect(await call("/api/finance/health")).toEqual(health(1));
    expect(await call("/api/finance/health")).toEqual(health(2));
    expect(await call("/api/test/health")).toEqual(health(1));
  });
});
