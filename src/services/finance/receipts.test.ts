import { describe, expect, test } from "bun:test";
import { refusal } from "../../../tests/finance-failures.ts";
import { useTestService } from "../../../tests/rest.ts";
import { financeService } from "./service.ts";

const service = useTestService(financeService);

const post = (path: string, body: unknown) =>
  service.send("POST", `/api/finance/${path}`, { body });

describe("lost receipts", () => {
  const findLost = async (fields: object) => {
    const answer = await post("receipts/find-lost", fields);
    return { ...answer, isCreated: answer.headers.get("x-receipt-created") };
  };
  const found = "Lost receipt found/created successfully";

  test.each([
    [3, "RCPT-003"],
    [8, "RCPT-008"],
  ])("order %p has the lost receipt %s", async (orderId, receiptNumber) => {
    const answer = await findLost({ customerId: "AROUT", orderId });
    expect([answer.isCreated, answer.json]).toEqual([
      "false",
      {
        data: expect.objectContaining({ receiptNumber, status: "LOST" }),
        success: true,
        message: found,
      },
    ]);
  });

  test("a receipt is made once when none is lost, and never when create is false", async () => {
    const claim = { customerId: "LONEP", orderId: 1 };
    const looked = await findLost({ ...claim, create: false });
    expect([looked.isCreated, looked.text]).toEqual([
      "false",
      '{"data":null,"success":true,"message":"No lost receipt found"}',
    ]);
    const made = await findLost(claim);
    expect([made.status, made.isCreated, made.json]).toEqual([
      200,
      "true",
      {
        data: {
          id: expect.any(Number),
          receiptNumber: expect.stringMatching(/^RCPT-[0-9A-F]{8}$/),
          orderId: 1,
          customerId: "LONEP",
          status: "LOST",
          filePath: null,
          fileName: null,
          fileSize: null,
          mimeType: null,
          receiptDate: expect.any(String),
          createdAt: expect.any(String),
          updatedAt: null,
        },
        success: true,
        message: found,
      },
    ]);
    const again = await findLost(claim);
    expect([again.isCreated, again.text]).toEqual(["false", made.text]);
  });

  test("of many callers about one order exactly one makes it, and all get the same", async () => {
    const answers = await Promise.all(
      Array.from({ length: 25 }, () => findLost({ customerId: "LONEP", orderId: 6 })),
    );
    expect(answers.map(({ isCreated }) => isCreated).sort()).toEqual([
      ...Array(24).fill("false"),
      "true",
    ]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  test.each([
    [{ customerId: "AROUT", orderId: 999 }, "Order not found with ID: 999"],
    [{ customerId: "AROUT", orderId: 1 }, "Order does not belong to customer: AROUT"],
  ])("%j is refused: %s", async (fields, message) => {
    const answer = await findLost(fields);
    expect([answer.status, answer.json]).toEqual([400, refusal(message)]);
  });
});
