import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { openTestService, type TestService } from "../../../tests/rest.ts";
import { financeService } from "./service.ts";

let service: TestService;

beforeAll(async () => {
  service = await openTestService(financeService, { corsOrigins: ["*"] });
});

afterAll(() => service.close());

const get = (path: string) => service.send("GET", `/api/finance/${path}`);
const post = (path: string, body: unknown) =>
  service.send("POST", `/api/finance/${path}`, { body });
const history = (body: unknown) => post("orders/history", body);
const idsOf = (json: unknown) => (json as { data: { id: number }[] }).data.map(({ id }) => id);
const refusal = (message: string) => ({ data: null, success: false, message });
const lastPath = "/api/finance/orders/history";
const invalid = (
  errors: { field: string; rejectedValue: string; message: string }[],
  path = lastPath,
) => ({
  timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/),
  status: 400,
  error: "Bad Request",
  path,
  data: null,
  success: false,
  message: errors[0]?.message ?? "Malformed JSON request",
  errors: errors.length > 0 ? errors : null,
});
const missing = (field: string, label: string) => ({
  field,
  rejectedValue: "null",
  message: `${label} is required`,
});

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

describe("walking through a long history", () => {
  beforeAll(async () => {
    // Three orders share each instant, so that only the id decides between them.
    await service.sql`insert into orders (order_number, customer_id, total_amount, status, order_date)
      select 'WALK-' || n, 'WALKR', 1, 'PENDING', timestamp '2024-03-01 00:00:00.000001' + (n / 3) * interval '1 day'
      from generate_series(1, 100) n`;
  });

  test("by offset has no gaps and no repeats", async () => {
    const all = idsOf((await history({ customerId: "WALKR", limit: 1000 })).json);
    expect(all).toHaveLength(100);
    const walked: number[] = [];
    for (let offset = 0; offset < 100; offset += 7) {
      walked.push(...idsOf((await history({ customerId: "WALKR", limit: 7, offset })).json));
    }
    expect(walked).toEqual(all);
  });

  test("by cursor has no gaps and no repeats, even while newer orders arrive", async () => {
    const all = idsOf((await history({ customerId: "WALKR", limit: 1000 })).json);
    const walked: number[] = [];
    let cursor: string | null = null;
    do {
      const { json } = await history({ customerId: "WALKR", limit: 7, cursor });
      walked.push(...idsOf(json));
      cursor = (json as { nextCursor: string | null }).nextCursor;
      await service.sql`insert into orders
        (order_number, customer_id, total_amount, status, order_date)
        values (${`LATE-${walked.length}`}, 'WALKR', 1, 'PENDING', now())`;
    } while (cursor !== null);
    expect(walked).toEqual(all);
  });

  test.each(["x", "e30", "W10", "WzEsMl0"])("the cursor %p is refused", async (cursor) => {
    const answer = await history({ customerId: "WALKR", cursor });
    expect(answer.json).toEqual(
      invalid([
        {
          field: "cursor",
          rejectedValue: cursor,
          message: "cursor must be a nextCursor of an earlier answer",
        },
      ]),
    );
  });

  test("a deep page is one seek in the index", async () => {
    const plan = await service.sql.unsafe(`set enable_seqscan = off; set enable_bitmapscan = off;
      explain select id from orders where customer_id = 'WALKR'
        and (order_date, id) < ('2024-03-20', 5) order by order_date desc, id desc limit 7`);
    const text = JSON.stringify(plan);
    expect(text).toContain("idx_orders_history");
    expect(text).not.toContain("Sort");
  });
});

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
    expect(answer.json).toEqual(invalid(errors, "/api/finance/disputes/duplicate-charge"));
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
      invalid(
        [
          { field: "orderId", rejectedValue: "x", message: "orderId must be a whole number" },
          {
            field: "limit",
            rejectedValue: "-1",
            message: "limit must be a whole number of 0 or more",
          },
        ],
        "/api/finance/invoices",
      ),
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
