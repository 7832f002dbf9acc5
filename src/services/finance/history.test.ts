import { describe, expect, test } from "bun:test";
import { invalidRequest } from "../../../tests/finance-failures.ts";
import { useTestService } from "../../../tests/rest.ts";
import type { FieldError } from "../field-errors.ts";
import { financeService } from "./service.ts";

const service = useTestService(financeService);

const post = (path: string, body: unknown) =>
  service.send("POST", `/api/finance/${path}`, { body });
const history = (body: unknown) => post("orders/history", body);
const idsOf = (json: unknown) => (json as { data: { id: number }[] }).data.map(({ id }) => id);
const invalid = (errors: FieldError[]) => invalidRequest("/api/finance/orders/history", errors);

describe("the histories", () => {
  test("answer the documented request with the documented text, key for key", async () => {
    const answer = await history({ customerId: "AROUT", limit: 10 });
    const order = (id: number, amount: string, status: string, date: string) =>
      `{"id":${id},"orderNumber":"ORD-00${id}","customerId":"AROUT","totalAmount":${amount},` +
      `"status":"${status}","orderDate":"${date}","createdAt":"${date}","updatedAt":null}`;
    expect(answer.text).toBe(
      `{"data":[${order(8, "59.99", "PENDING", "2024-01-30T15:20:00")},` +
        `${order(3, "89.99", "PENDING", "2024-01-25T09:45:00")},` +
        `${order(4, "199.99", "DELIVERED", "2024-01-10T16:20:00")}],` +
        `"success":true,"count":3,"message":"Order history retrieved successfully"}`,
    );
    expect(answer.headers.get("x-total-count")).toBe("3");
  });

  test("invoices have their own keys, dates and amounts", async () => {
    const answer = await post("invoices/history", { customerId: "LONEP", limit: 1 });
    expect(answer.text).toBe(
      '{"data":[{"id":2,"invoiceNumber":"INV-002","orderId":2,"customerId":"LONEP",' +
        '"amount":149.5,"status":"SENT","invoiceDate":"2024-01-20T14:20:00",' +
        '"dueDate":"2024-02-20T14:20:00","paidDate":null,"createdAt":"2024-01-20T14:20:00",' +
        '"updatedAt":null}],"success":true,"count":1,' +
        '"message":"Invoice history retrieved successfully"}',
    );
    expect(answer.headers.get("x-total-count")).toBe("3");
  });

  test.each(["NOONE", "arout", "AROUT ", "a'b", "x".repeat(300)])(
    "the unknown customer %p has an empty history",
    async (customerId) => {
      const answer = await history({ customerId });
      expect([answer.status, answer.json, answer.headers.get("x-total-count")]).toEqual([
        200,
        { data: [], success: true, count: 0, message: "Order history retrieved successfully" },
        "0",
      ]);
    },
  );

  test.each([
    [{ limit: 0 }, []],
    [{ limit: 2 }, [8, 3]],
    [{ limit: "2" }, [8, 3]],
    [{ limit: 2.9 }, [8, 3]],
    [{ limit: null }, [8, 3, 4]],
    [{ limit: "" }, [8, 3, 4]],
    [{ limit: 5000 }, [8, 3, 4]],
    [{ limit: "99999999999999999999" }, [8, 3, 4]],
    [{ offset: 1 }, [3, 4]],
    [{ offset: 2, limit: 1 }, [4]],
    [{ offset: 3 }, []],
    [{ offset: "99999999999999999999" }, []],
    [{ unknown: 1 }, [8, 3, 4]],
  ])("%j returns the orders %p", async (fields, expected) => {
    const answer = await history({ customerId: "AROUT", ...fields });
    expect([idsOf(answer.json), answer.headers.get("x-total-count")]).toEqual([expected, "3"]);
  });

  // AROUT's orders: 4 on 2024-01-10T16:20, 3 on 2024-01-25T09:45, 8 on 2024-01-30T15:20.
  test.each([
    [{ startDate: "2024-01-25" }, [8, 3]],
    [{ endDate: "2024-01-25" }, [3, 4]],
    [{ startDate: "2024-01-25", endDate: "2024-01-25" }, [3]],
    [{ startDate: "2024-01-26", endDate: "2024-01-25" }, []],
    [{ startDate: "2024-01-25T09:45" }, [8, 3]],
    [{ startDate: "2024-01-25T09:45:00.000000001" }, [8]],
    [{ endDate: "2024-01-25T09:45:00" }, [3, 4]],
    [{ endDate: "2024-01-25T09:44:59.999999999" }, [4]],
    [{ endDate: "2024-01-25T09:45:00Z" }, [3, 4]],
    [{ endDate: "2024-01-25T11:45+02:00" }, [3, 4]],
    [{ endDate: "2024-01-25T11:44+02:00" }, [4]],
    [{ startDate: "2024-01-25T04:45:00-05:00" }, [8, 3]],
    [{ startDate: [2024, 1, 25, 9, 45] }, [8, 3]],
    [{ startDate: [2024, 1, 25, 9, 45, 1] }, [8]],
    [{ startDate: "", endDate: "" }, [8, 3, 4]],
    [{ startDate: null }, [8, 3, 4]],
    [{ startDate: "0000-01-01", endDate: "9999-12-31" }, [8, 3, 4]],
  ])("%j selects the orders %p", async (period, expected) => {
    expect(idsOf((await history({ customerId: "AROUT", ...period })).json)).toEqual(expected);
  });

  test.each([
    1705708800,
    "1705708800",
    "2024-02-30",
    "2024-13-01",
    "2024-1-5",
    "20240120",
    "2024-01-20 10:00",
    "2024-01-20T24:00",
    "2024-01-20T10:00:60",
    "2024-01-20T10:00:00.1234567890",
    "2024-01-20T10:00+25:00",
    "yesterday",
    " ",
    [2024, 1, 20],
    [2024, 1, 20, 0, 0, 0, 0],
    true,
    {},
  ])("the date %j is refused", async (date) => {
    const answer = await history({ customerId: "AROUT", endDate: date });
    const rejectedValue =
      typeof date === "object" ? JSON.stringify(date).replace(/(\d+)/g, '"$1"') : String(date);
    const message = "endDate must be an ISO 8601 date or date-time";
    expect([answer.status, answer.json]).toEqual([
      400,
      invalid([{ field: "endDate", rejectedValue, message }]),
    ]);
  });

  test("all problems come in the order of the fields, the first one as the message", async () => {
    const answer = await history({ customerId: " ", startDate: "x", limit: -1, offset: "many" });
    const whole = "must be a whole number of 0 or more";
    expect(answer.json).toEqual(
      invalid([
        { field: "customerId", rejectedValue: " ", message: "Customer ID is required" },
        {
          field: "startDate",
          rejectedValue: "x",
          message: "startDate must be an ISO 8601 date or date-time",
        },
        { field: "limit", rejectedValue: "-1", message: `limit ${whole}` },
        { field: "offset", rejectedValue: "many", message: `offset ${whole}` },
      ]),
    );
    expect(Object.keys(answer.json as object)).toEqual([
      "timestamp",
      "status",
      "error",
      "path",
      "data",
      "success",
      "message",
      "errors",
    ]);
  });

  test.each(["", "{", "[]", "null", '{"customerId":{}}'])(
    "the body %p is malformed",
    async (body) => {
      expect((await history(body)).json).toEqual(invalid([]));
    },
  );

  test("includeTotal adds four members after message", async () => {
    const answer = await history({ customerId: "AROUT", limit: 2, includeTotal: true });
    expect(answer.text).toEndWith(
      '"count":2,"message":"Order history retrieved successfully",' +
        '"total":3,"limit":2,"offset":0,"hasMore":true}',
    );
  });
});
