import { describe, expect, test } from "bun:test";
import { invalidRequest, refusal } from "../../../tests/finance-failures.ts";
import { useTestService } from "../../../tests/rest.ts";
import type { FieldError } from "../field-errors.ts";
import { financeService } from "./service.ts";

const service = useTestService(financeService);

const post = (path: string, body: unknown) =>
  service.send("POST", `/api/finance/${path}`, { body });
const missing = (field: string, label: string) => ({
  field,
  rejectedValue: "null",
  message: `${label} is required`,
});
const invalid = (errors: FieldError[]) =>
  invalidRequest("/api/finance/disputes/duplicate-charge", errors);

describe("duplicate charges", () => {
  const dispute = (fields: object) =>
    post("disputes/duplicate-charge", { description: "Charged twice", ...fields });

  test("an order with an active dispute is refused, others get one", async () => {
    const refused = await dispute({ customerId: "LONEP", orderId: 2 });
    expect([refused.status, refused.text]).toEqual([
      400,
      '{"data":null,"success":false,"message":"Duplicate charge dispute already exists for order: 2"}',
    ]);
    for (const orderId of [4, "8.7"]) {
      const started = await dispute({ customerId: "AROUT", orderId, reason: 7 });
      expect([started.status, started.json]).toEqual([
        201,
        {
          data: {
            id: expect.any(Number),
            disputeNumber: expect.stringMatching(/^DISP-[0-9A-F]{8}$/),
            orderId: Number.parseInt(`${orderId}`, 10),
            customerId: "AROUT",
            disputeType: "DUPLICATE_CHARGE",
            status: "OPEN",
            description: "Charged twice",
            reason: "7",
            disputeDate: expect.any(String),
            resolvedDate: null,
            createdAt: (started.json as { data: { disputeDate: string } }).data.disputeDate,
            updatedAt: null,
          },
          success: true,
          message: "Duplicate charge dispute started successfully",
        },
      ]);
      expect(Object.keys(started.json as object)).toEqual(["data", "success", "message"]);
    }
  });

  test.each([
    [{ customerId: "AROUT", orderId: 999 }, "Order not found with ID: 999"],
    [{ customerId: "AROUT", orderId: -1 }, "Order not found with ID: -1"],
    [
      { customerId: "AROUT", orderId: "99999999999999999999" },
      "Order not found with ID: 99999999999999999999",
    ],
    [{ customerId: "THECR", orderId: 1 }, "Order does not belong to customer: THECR"],
  ])("%j is refused: %s", async (fields, message) => {
    const answer = await dispute(fields);
    expect([answer.status, answer.json]).toEqual([400, refusal(message)]);
  });

  const whole = {
    field: "orderId",
    rejectedValue: "one",
    message: "orderId must be a whole number",
  };
  test.each([
    [{}, [missing("customerId", "Customer ID"), missing("orderId", "Order ID")]],
    [
      { customerId: "AROUT", orderId: "" },
      [{ ...missing("orderId", "Order ID"), rejectedValue: "" }],
    ],
    [{ customerId: "AROUT", orderId: "one" }, [whole]],
    [
      { customerId: "AROUT", orderId: 1, description: null },
      [missing("description", "Description")],
    ],
    // Half a surrogate pair was stored as U+FFFD.
    [
      { customerId: "AROUT", orderId: 1, description: "Twice", reason: "a\ud800" },
      [
        {
          field: "reason",
          rejectedValue: "a\ud800",
          message: "Reason contains an unsupported character",
        },
      ],
    ],
    [
      { customerId: "AROUT", orderId: 1, description: "a\0b" },
      [
        {
          field: "description",
          rejectedValue: "a\0b",
          message: "Description contains an unsupported character",
        },
      ],
    ],
  ])("%j is invalid", async (fields, errors) => {
    const answer = await dispute(fields);
    expect(answer.json).toEqual(invalid(errors));
  });

  test("of many callers about one order exactly one wins", async () => {
    const answers = await Promise.all(
      Array.from({ length: 25 }, () => dispute({ customerId: "THECR", orderId: 5 })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(24).fill(400)]);
    const [row] = await service.sql`select count(*)::int as rows from disputes where order_id = 5`;
    expect(row.rows).toBe(1);
  });
});
