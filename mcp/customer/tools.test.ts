import { afterAll, describe, expect, test } from "bun:test";
import { connectStdio } from "../../tests/clients.ts";
import { testServerContract } from "../../tests/contract.ts";
import { startService } from "../../tests/fantaco.ts";
import { runListening } from "../../tests/program.ts";
import { callTool, type ToolOutcome } from "../../tests/toolCalls.ts";

const service = await startService("customer");
const command = [
  process.execPath,
  `${import.meta.dir}/server.ts`,
  "--customer-api-base-url",
  `${service.url}/`,
];
const connected = await connectStdio(command);
afterAll(async () => {
  await connected[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
});

testServerContract(command);

const aroundTheHorn = {
  customerId: "AROUT",
  companyName: "Around the Horn",
  contactName: "Thomas Hardy",
  contactTitle: "Sales Representative",
  address: "120 Hanover Sq.",
  city: "London",
  region: null,
  postalCode: "WA1 1DP",
  country: "UK",
  phone: "(171) 555-7788",
  fax: "(171) 555-6750",
  contactEmail: "thomashardy@example.com",
  createdAt: expect.any(String),
  updatedAt: expect.any(String),
};

describe("get_customer", () => {
  test("returns the record as one JSON text and as the same structured content", async () => {
    const result = await call("get_customer", { customer_id: "AROUT" });
    expect(result).toEqual({
      content: [{ type: "text", text: JSON.stringify(result.structuredContent) }],
      structuredContent: aroundTheHorn,
      isError: false,
    });
    expect(Object.keys(result.structuredContent)).toEqual(Object.keys(aroundTheHorn));
  });

  test.each([
    "arout",
    "NOPE!",
    "../../actuator/health",
    "a/../b?x=1",
    "a%2Fb",
    "AROUT ",
    "'; drop table customer; --",
  ])("reaches no other path with %j and says what the service said", async (id) => {
    const detail = {
      timestamp: expect.any(String),
      status: 404,
      error: "Not Found",
      message: `Customer with ID ${id} not found`,
      errors: null,
    };
    const { isError, structuredContent } = await call("get_customer", { customer_id: id });
    expect({ isError, structuredContent }).toEqual({
      isError: true,
      structuredContent: {
        error: "HTTP 404",
        detail,
        status_code: 404,
        hint: "Ids are case-sensitive; call search_customers to find the right one.",
      },
    });
  });

  test.each([
    [{ customer_id: "" }, "customer_id"],
    [{ customer_id: "." }, "customer_id"],
    [{ customer_id: ".." }, "customer_id"],
    [{ customer_id: 5 }, "customer_id"],
    [{ customer_id: null }, "customer_id"],
    [{}, "customer_id"],
    [{ customer_id: "AROUT", id: "x" }, "id"],
  ])("refuses %j without a call and names the argument", async (args, name) => {
    const { isError, content, structuredContent } = await call("get_customer", args);
    expect({ isError, names: content[0]?.text.includes(name), structuredContent }).toEqual({
      isError: true,
      names: true,
      structuredContent: { error: "Invalid argument", detail: content[0]?.text, status_code: null },
    });
  });
});

describe("search_customers", () => {
  test.each([
    [{ contact_email: "thomashardy@example.com" }, ["AROUT"]],
    [{ email: "thomashardy@example.com" }, ["AROUT"]],
    [{ company_name: "restaur" }, ["FRANR", "GROSR", "LONEP", "TORTU"]],
    [{ contact_name: "wilson", phone: "503", company_name: null }, ["LONEP"]],
    [{ company_name: "" }, 91],
    [{}, 91],
    [{ phone: "555" }, 43],
    [{ company_name: "%" }, []],
    [{ company_name: "_" }, []],
    [{ contact_name: "o'" }, []],
    [{ company_name: "\\" }, []],
  ] as const)("%j finds %j", async (args, found) => {
    const { structuredContent, isError } = await call("search_customers", args);
    const ids = structuredContent.results.map(
      ({ customerId }: { customerId: string }) => customerId,
    );
    expect({ isError, ids: typeof found === "number" ? ids.length : ids }).toEqual({
      isError: false,
      ids: typeof found === "number" ? found : [...found],
    });
  });

  test("pages with limit and offset and then says how many match in all", async () => {
    const { structuredContent } = await call("search_customers", {
      phone: "555",
      limit: 2,
      offset: 41,
    });
    const { results, total } = structuredContent;
    expect({ count: results.length, total }).toEqual({ count: 2, total: 43 });
  });
});

test("one request id leads from the client to the service's log", async () => {
  await using program = await runListening([...command, "--transport", "http", "--port", "0"]);
  const params = { name: "get_customer", arguments: { customer_id: "AROUT" } };
  const legacy = { jsonrpc: "2.0", id: 1, method: "tools/call", params };
  const answer = await fetch(`${program.url}/mcp`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "x-request-id": "trace-legacy-1",
    },
    body: JSON.stringify(legacy),
  });
  expect([answer.status, answer.headers.get("x-request-id")]).toEqual([200, "trace-legacy-1"]);
  expect(await answer.text()).toContain("Around the Horn");
  const line = service.program
    .log()
    .split("\n")
    .find((text) => text.includes("trace-legacy-1"));
  expect(JSON.parse(line ?? "{}")).toMatchObject({
    requestId: "trace-legacy-1",
    route: "/api/customers/:customerId",
    status: 200,
  });
});

test("a service that is away is named, with what to do next", async () => {
  const away = [...command.slice(0, 3), "http://127.0.0.1:1"];
  await using lonely = await connectStdio(away);
  const result = await lonely.client.callTool({
    name: "get_customer",
    arguments: { customer_id: "AROUT" },
  });
  expect<unknown>(result.structuredContent).toEqual({
    error: "Backend unreachable",
    detail: expect.stringMatching(/^customer service: /),
    status_code: null,
    hint: "The service is not available now. Try again in a few seconds; do not change the arguments.",
  });
});

function call(name: string, args: object): Promise<ToolOutcome> {
  return callTool(connected, name, args);
}
