import { afterAll, describe, expect, test } from "bun:test";
import { connectStdio } from "../../tests/clients.ts";
import { testServerContract } from "../../tests/contract.ts";
import { startService } from "../../tests/fantaco.ts";
import { callTool, type ToolOutcome } from "../../tests/toolCalls.ts";

const service = await startService("finance");
const command = [
  process.execPath,
  `${import.meta.dir}/server.ts`,
  "--finance-api-base-url",
  service.url,
];
const connected = await connectStdio(command);
afterAll(async () => {
  await connected[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
});

testServerContract(command);

test("fetch_order_history passes the service's envelope through, key order included", async () => {
  const result = await call("fetch_order_history", { customer_id: "AROUT", limit: 10 });
  const direct = await fetch(`${service.url}/api/finance/orders/history`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"customerId":"AROUT","limit":10}',
  });
  const text = await direct.text();
  expect(result).toEqual({
    content: [{ type: "text", text }],
    structuredContent: JSON.parse(text),
    isError: false,
  });
  expect(numbers(result)).toEqual(["ORD-008", "ORD-003", "ORD-004"]);
});

describe.each([
  ["fetch_order_history", "orderNumber", "ORD"],
  ["fetch_invoice_history", "invoiceNumber", "INV"],
])("%s", (tool, key, prefix) => {
  const listed = (result: ToolOutcome) =>
    result.structuredContent.data.map((entry: Record<string, string>) => entry[key]);
  test.each([
    [{ customer_id: "LONEP" }, ["002", "001", "006"]],
    [{ customer_id: "LONEP", limit: "2" }, ["002", "001"]],
    [{ customer_id: "LONEP", limit: 2, offset: 1 }, ["001", "006"]],
    [{ customer_id: "LONEP", limit: 0 }, []],
    [{ customer_id: "LONEP", start_date: "2024-01-15", end_date: "2024-01-15" }, ["001"]],
    [{ customer_id: "LONEP", start_date: "2024-01-15T00:00:00Z", end_date: null }, ["002", "001"]],
    [{ customer_id: "LONEP", start_date: "", end_date: "2024-01-14" }, ["006"]],
    [{ customer_id: "LONEP", start_date: "2024-02-01", end_date: "2024-01-01" }, []],
    [{ customer_id: "lonep" }, []],
    [{ customer_id: "' or 1=1 --" }, []],
  ])("%j lists %j", async (args, expected) => {
    const result = await call(tool, args);
    expect({ isError: result.isError, entries: listed(result) }).toEqual({
      isError: false,
      entries: expected.map((number) => `${prefix}-${number}`),
    });
  });

  test.each([
    [{ customer_id: "LONEP", limit: null }, "limit"],
    [{ customer_id: "LONEP", limit: 1.5 }, "limit"],
    [{ customer_id: "LONEP", limit: "many" }, "limit"],
    [{ customer_id: 1 }, "customer_id"],
    [{}, "customer_id"],
    [{ customer_id: "LONEP", start_date: 20240101 }, "start_date"],
    [{ customer_id: "LONEP", customerId: "LONEP" }, "customerId"],
  ])("refuses %j and names %s", async (args, name) => {
    const { isError, content } = await call(tool, args);
    expect({ isError, names: content[0]?.text.includes(name) }).toEqual({
      isError: true,
      names: true,
    });
  });

  test.each(["20.01.2024", "2024-13-01", "2024-02-30", "yesterday", "1705742100"])(
    "hands on what the service says of the date %j",
    async (date) => {
      const { isError, structuredContent } = await call(tool, {
        customer_id: "LONEP",
        start_date: date,
      });
      expect({ isError, ...structuredContent, detail: structuredContent.detail.message }).toEqual({
        isError: true,
        error: "HTTP 400",
        detail: "startDate must be an ISO 8601 date or date-time",
        status_code: 400,
        hint: "Correct what detail names and call again.",
      });
    },
  );

  test("adds totals when they are asked for", async () => {
    const { structuredContent } = await call(tool, {
      customer_id: "LONEP",
      limit: 1,
      include_total: true,
    });
    const { total, limit, offset, hasMore } = structuredContent;
    expect({ total, limit, offset, hasMore }).toEqual({
      total: 3,
      limit: 1,
      offset: 0,
      hasMore: true,
    });
  });
});

describe("record tools", () => {
  test.each([
    ["get_order", { id: 8 }, { orderNumber: "ORD-008", totalAmount: 59.99 }],
    ["get_order", { id: "ORD-008" }, { id: 8 }],
    ["get_invoice", { id: "INV-002" }, { id: 2, amount: 149.5 }],
    ["get_dispute", { id: 1 }, { disputeNumber: "DISP-001", resolvedDate: "2024-01-19T09:30:00" }],
    ["get_receipt", { id: "RCPT-001" }, { fileSize: 245760 }],
  ])("%s(%j) returns the record", async (name, args, record) => {
    const { isError, structuredContent } = await call(name, args);
    expect({ isError, data: structuredContent.data }).toMatchObject({
      isError: false,
      data: record,
    });
  });

  test.each(["get_order", "get_invoice", "get_dispute", "get_receipt"])(
    "%s keeps foreign ids in one path segment and says where to look",
    async (name) => {
      const { structuredContent } = await call(name, { id: "../../actuator/health" });
      const noun = name.slice(4);
      expect(structuredContent).toEqual({
        error: "HTTP 404",
        detail: {
          data: null,
          success: false,
          message: `${noun[0]?.toUpperCase()}${noun.slice(1)} not found with ID: ../../actuator/health`,
        },
        status_code: 404,
        hint: expect.stringContaining("to find it"),
      });
    },
  );

  test("list_disputes and list_receipts narrow by order and status", async () => {
    const disputes = await call("list_disputes", { customer_id: "LONEP", status: "OPEN" });
    const receipts = await call("list_receipts", { customer_id: "LONEP", order_id: "1" });
    expect([
      disputes.structuredContent.data.map(
        ({ disputeNumber }: { disputeNumber: string }) => disputeNumber,
      ),
      receipts.structuredContent.data.map(
        ({ receiptNumber }: { receiptNumber: string }) => receiptNumber,
      ),
    ]).toEqual([["DISP-002"], ["RCPT-001"]]);
  });
});

describe("tools that write", () => {
  test("a dispute is opened once and refused the second time with the service's words", async () => {
    const args = { customer_id: "AROUT", order_id: 4, description: "Charged twice" };
    const first = await call("start_duplicate_charge_dispute", args);
    const second = await call("start_duplicate_charge_dispute", args);
    expect([first.isError, first.structuredContent.data.status, second.structuredContent]).toEqual([
      false,
      "OPEN",
      {
        error: "HTTP 400",
        detail: {
          data: null,
          success: false,
          message: "Duplicate charge dispute already exists for order: 4",
        },
        status_code: 400,
        hint: "Correct what detail names and call again.",
      },
    ]);
  });

  test("find_lost_receipt changes nothing unless it is told to create", async () => {
    const args = { customer_id: "LONEP", order_id: 6 };
    const looked = await call("find_lost_receipt", args);
    const created = await call("find_lost_receipt", { ...args, create: true });
    const again = await call("find_lost_receipt", args);
    expect([looked.structuredContent.data, created.structuredContent.data.status]).toEqual([
      null,
      "LOST",
    ]);
    expect(again.structuredContent.data).toEqual(created.structuredContent.data);
  });

  test("are annotated as such, and left out with --read-only", async () => {
    const { tools } = await connected.client.listTools();
    const writing = tools.filter(({ annotations }) => annotations?.readOnlyHint === false);
    await using reader = await connectStdio([...command, "--read-only"]);
    const left = (await reader.client.listTools()).tools.map(({ name }) => name);
    expect({
      writing: writing.map(({ name, annotations }) => [name, annotations?.destructiveHint]),
      left,
    }).toEqual({
      writing: [
        ["start_duplicate_charge_dispute", false],
        ["find_lost_receipt", false],
      ],
      left: tools.filter((tool) => !writing.includes(tool)).map(({ name }) => name),
    });
    const refused = await callTool(reader, "find_lost_receipt", {
      customer_id: "LONEP",
      order_id: 1,
    });
    expect(refused.content[0]?.text).toBe("Unknown tool: find_lost_receipt");
  });
});

function call(name: string, args: object): Promise<ToolOutcome> {
  return callTool(connected, name, args);
}

function numbers({ structuredContent }: ToolOutcome): string[] {
  return structuredContent.data.map(({ orderNumber }: { orderNumber: string }) => orderNumber);
}
