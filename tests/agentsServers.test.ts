import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { thinkByRules } from "../tools/eval/model/ruleModel.ts";
import { type AgentsWorld, openAgentsWorld, startLimitMs } from "./agentsWorld.ts";
import { connectHttp } from "./clients.ts";
import { runListening, type TestProgram } from "./program.ts";

setDefaultTimeout(startLimitMs);

let world: AgentsWorld;
let api: TestProgram;
beforeAll(async () => {
  world = await openAgentsWorld(thinkByRules);
  api = await start("question-api");
}, startLimitMs);
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
}, startLimitMs);

function start(name: string, env: Record<string, string> = {}, args: string[] = []) {
  const command = [process.execPath, `tools/agents/${name}.ts`, "--port", "0", ...args];
  return runListening(command, { ...world.env, ...env });
}

async function get(path: string, url = api.url): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url + path);
  return { status: response.status, body: await response.json() };
}

const customer = {
  customerId: "THECR",
  companyName: "The Cracker Box",
  contactName: "Liu Wong",
  contactEmail: "liuwong@example.com",
};

test("/find_orders finds a customer's orders by e-mail address", async () => {
  const order = (number: string, orderDate: string, status: string, totalAmount: number) => {
    const orderNumber = `ORD-00${number}`;
    const id = Number(number);
    return { id, orderId: orderNumber, orderNumber, orderDate, status, totalAmount, freight: null };
  };
  expect(await get("/find_orders?email=LiuWong%40example.com")).toEqual({
    status: 200,
    body: {
      customer,
      orders: [
        order("7", "2024-01-28T13:45:00", "SHIPPED", 129.99),
        order("5", "2024-01-22T11:10:00", "CANCELLED", 79.99),
      ],
      total_orders: 2,
    },
  });
});

test("/find_invoices finds a customer's invoices by e-mail address", async () => {
  const common = {
    customerId: "THECR",
    customerEmail: customer.contactEmail,
    contactName: "Liu Wong",
  };
  const invoice = (number: string, invoiceDate: string, status: string, amount: number) => {
    const invoiceNumber = `INV-00${number}`;
    const names = { id: Number(number), invoiceId: invoiceNumber, invoiceNumber };
    return { ...names, invoiceDate, status, totalAmount: amount, amount, ...common };
  };
  expect(await get("/find_invoices?email=liuwong%40example.com")).toEqual({
    status: 200,
    body: {
      customer,
      invoices: [
        invoice("7", "2024-01-28T13:50:00", "SENT", 129.99),
        invoice("5", "2024-01-22T11:15:00", "CANCELLED", 79.99),
      ],
      total_invoices: 2,
    },
  });
});

test.each([
  ["/find_orders?email=nobody%40example.com", 200, { customer: null, orders: [], total_orders: 0 }],
  // Part of an address finds nobody, although the search would match it.
  ["/find_orders?email=wong%40example.com", 200, { customer: null, orders: [], total_orders: 0 }],
  [
    "/find_orders?email=nobody",
    422,
    { detail: "Error reading the request: email: not an e-mail address" },
  ],
  ["/question?q=%20", 422, { detail: "Error reading the request: q: it is empty" }],
  ["/question", 422, { detail: "Error reading the request: q: it is missing" }],
  ["/health", 200, { status: "UP" }],
  ["/nowhere", 404, { detail: "Not Found" }],
  [
    "/question?q=Whose%20phone%20number%20is%20(206)%20555-4112%3F",
    200,
    {
      question: "Whose phone number is (206) 555-4112?",
      answer:
        "White Clover Markets (WHITC): Karl Jablonski, Owner, karljablonski@example.com, phone (206) 555-4112, fax (206) 555-4115, 305 - 14th Ave. S. Suite 3B, Seattle, WA, 98128, USA.",
    },
  ],
])("GET %s answers %d", async (path, status, body) => {
  expect(await get(path)).toEqual({ status, body });
});

test("the question API starts without a model, and says that there is none", async () => {
  await using alone = await start("question-api", { LLAMA_STACK_BASE_URL: "http://127.0.0.1:1" });
  expect(await get("/find_orders?email=nobody%40example.com", alone.url)).toMatchObject({
    status: 200,
  });
  expect(await get("/question?q=Who%3F", alone.url)).toEqual({
    status: 500,
    body: {
      detail:
        "Error processing the request: Cannot reach http://127.0.0.1:1: nobody answers there. Start Llama Stack, or set LLAMA_STACK_BASE_URL to where it is; docs/llama-stack.md says how.",
    },
  });
});

test.each([
  ["customer", "Who works for Vaffeljernet?", "search_customers", { company_name: "Vaffeljernet" }],
  ["finance", "When is invoice INV-008 due?", "get_invoice", { id: "INV-008" }],
])("the %s agent is an MCP server", async (domain, prompt, tool, args) => {
  await using program = await start(`${domain}-agent-server`, {}, ["--transport", "http"]);
  await using agent = await connectHttp(`${program.url}/mcp`);
  const { tools } = await agent.client.listTools();
  expect(tools.map(({ name }) => name)).toEqual([`${domain}_agent`, `${domain}_agent_detailed`]);
  const call = async (name: string) => {
    const result = await agent.client.callTool({ name, arguments: { prompt } });
    // The kit's own form: an object.
    return result.structuredContent as Record<string, unknown>;
  };
  const { answer } = await call(`${domain}_agent`);
  expect(answer).toMatch(domain === "customer" ? /Palle Ibsen/ : /dueDate 2024-02-28T15:25:00/);
  expect(await call(`${domain}_agent_detailed`)).toEqual({
    trace: [
      {
        ...{ step: 1, type: "tool_call", server: domain, tool, arguments: args },
        output: expect.any(Object),
        error: null,
      },
      { step: 2, type: "message", text: answer },
    ],
    final_response: answer,
  });
});

test("an agent server without its model answers with an error that says so", async () => {
  const env = { LLAMA_STACK_BASE_URL: "http://127.0.0.1:1" };
  await using program = await start("customer-agent-server", env, ["--transport", "http"]);
  await using agent = await connectHttp(`${program.url}/mcp`);
  const result = await agent.client.callTool({
    name: "customer_agent",
    arguments: { prompt: "Who?" },
  });
  expect(result as unknown).toMatchObject({
    isError: true,
    structuredContent: {
      error: "Cannot reach http://127.0.0.1:1: nobody answers there",
      hint: expect.stringContaining("Start Llama Stack"),
    },
  });
});
