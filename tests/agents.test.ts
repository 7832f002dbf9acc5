import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { customerAgent, disputeAgent, financeAgent, supportAgent } from "../tools/agents/agents.ts";
import { thinkByRules } from "../tools/eval/model/ruleModel.ts";
import { type AgentsWorld, openAgentsWorld, runAgentProgram, startLimitMs } from "./agentsWorld.ts";
import { connectHttp } from "./clients.ts";

setDefaultTimeout(startLimitMs);

let world: AgentsWorld;
beforeAll(async () => {
  world = await openAgentsWorld(thinkByRules);
}, startLimitMs);
afterAll(() => world[Symbol.asyncDispose](), startLimitMs);

const hardy =
  "Around the Horn (AROUT): Thomas Hardy, Sales Representative, thomashardy@example.com, phone (171) 555-7788, fax (171) 555-6750, 120 Hanover Sq., London, WA1 1DP, UK.";
const order = (id: number, amount: string, status: string, date: string) =>
  `id ${id}, orderNumber ORD-00${id}, customerId AROUT, totalAmount ${amount}, status ${status}, orderDate ${date}, createdAt ${date}`;
const orders = [
  "3 orders, 349.97 in total:",
  order(8, "59.99", "PENDING", "2024-01-30T15:20:00"),
  order(3, "89.99", "PENDING", "2024-01-25T09:45:00"),
  order(4, "199.99", "DELIVERED", "2024-01-10T16:20:00"),
];
const byEmail = '  → search_customers({"contact_email":"thomashardy@example.com"})';
const history = '  → fetch_order_history({"customer_id":"AROUT"})';
const story = "Find the customer with email thomashardy@example.com and show their order history";

test.each([
  [
    "customer-agent",
    ["Find the customer with the e-mail address thomashardy@example.com", byEmail, hardy],
  ],
  ["finance-agent", ["Show the orders of customer AROUT", history, ...orders]],
  ["support-agent", [story, byEmail, history, ...orders]],
  [
    "multi-turn-agent",
    [
      "> Which company does Thomas Hardy work for?",
      '  → search_customers({"contact_name":"Thomas Hardy"})',
      hardy,
      "",
      "> And which orders do they have?",
      history,
      ...orders,
    ],
  ],
  ["langgraph-agent", [story, byEmail, history, ...orders]],
  ["openai-agents-agent", [story, byEmail, history, ...orders]],
])("%s asks its question, calls the servers' tools and prints the answer", async (name, lines) => {
  const ran = await runAgentProgram(name, { env: world.env });
  // What the tools answered is shown shortened; the answer is made of it.
  const shown = ran.lines.filter((line) => !line.startsWith("  ← "));
  expect({ ...ran, lines: shown }).toEqual({ code: 0, lines, stderr: "" });
});

test("list-tools lists both servers' tools and, for a stack without toolgroups, the connectors", async () => {
  const ran = await runAgentProgram("list-tools", { env: world.env });
  const tools = ran.lines.filter((line) => /^ {2}\w+ \((reads|writes)\)/.test(line));
  const { customerUrl, financeUrl, llamaStackUrl } = world.values;
  expect({ ...ran, lines: tools.map((line) => line.trim().replace(/:.*/, "")) }).toEqual({
    code: 0,
    lines: [
      ...["search_customers (reads)", "get_customer (reads)"],
      ...["fetch_order_history (reads)", "fetch_invoice_history (reads)"],
      ...["list_disputes (reads)", "list_receipts (reads)"],
      ...["get_order (reads)", "get_invoice (reads)", "get_dispute (reads)", "get_receipt (reads)"],
      ...["start_duplicate_charge_dispute (writes)", "find_lost_receipt (writes)"],
    ],
    stderr: "",
  });
  expect(ran.lines.slice(ran.lines.indexOf(`Llama Stack 0.7.1 at ${llamaStackUrl}`) + 1)).toEqual([
    "It has no toolgroups. For its configuration:",
    "connectors:",
    '  - connector_id: "customer"',
    "    connector_type: mcp",
    '    server_label: "customer"',
    `    url: "${customerUrl}"`,
    '  - connector_id: "finance"',
    "    connector_type: mcp",
    '    server_label: "finance"',
    `    url: "${financeUrl}"`,
  ]);
});

test("the agents know every tool of the servers, and those that write as such", async () => {
  const byEffect = async (url: string) => {
    await using server = await connectHttp(url);
    const { tools } = await server.client.listTools();
    const named = (isRead: boolean) =>
      tools
        .filter(({ annotations }) => annotations?.readOnlyHint === isRead)
        .map(({ name }) => name);
    return { reads: named(true), writes: named(false) };
  };
  const { values } = world;
  const boxes = disputeAgent(values).toolBoxes.map(({ reads, writes }) => ({ reads, writes }));
  expect(boxes as unknown).toEqual([
    await byEffect(values.customerUrl),
    await byEffect(values.financeUrl),
  ]);
  const others = [customerAgent, financeAgent, supportAgent].flatMap((of) => of(values).toolBoxes);
  expect(others.flatMap(({ writes }) => writes)).toEqual([]);
});

const nobody = "http://127.0.0.1:1";
test.each([
  [
    "without a Llama Stack",
    { LLAMA_STACK_BASE_URL: nobody },
    [
      `Cannot reach ${nobody}: nobody answers there`,
      "hint: Start Llama Stack, or set LLAMA_STACK_BASE_URL to where it is; docs/llama-stack.md says how.",
    ],
  ],
  [
    "with a model that the stack does not have",
    { INFERENCE_MODEL: "vllm/none" },
    [
      'Cannot use the model "vllm/none": <stack> has no model of that name',
      "hint: Set INFERENCE_MODEL to one of: scripted.",
    ],
  ],
  [
    "with a server that is not there",
    { CUSTOMER_MCP_SERVER_URL: `${nobody}/mcp` },
    [
      `Cannot get an answer of "scripted" at <stack>: 502 Failed to connect to MCP server at ${nobody}/mcp`,
      "hint: The server calls the MCP servers itself: their addresses have to be right from where it runs. See docs/llama-stack.md, Troubleshooting.",
    ],
  ],
])("an agent %s says what to do and ends with 1", async (_, change, stderr) => {
  const ran = await runAgentProgram("customer-agent", { env: { ...world.env, ...change } });
  expect({ ...ran, stderr: ran.stderr.trimEnd().replaceAll(world.standIn.url, "<stack>") }).toEqual(
    {
      code: 1,
      lines: ["Find the customer with the e-mail address thomashardy@example.com"],
      stderr: stderr.join("\n"),
    },
  );
});

test("a setting that is no address ends with 2", async () => {
  const ran = await runAgentProgram("finance-agent", { env: { LLAMA_STACK_BASE_URL: "here" } });
  expect({ code: ran.code, said: ran.stderr.split("\n")[0] }).toEqual({
    code: 2,
    said: 'Cannot start: LLAMA_STACK_BASE_URL is "here"; expected an http(s) URL, for example http://localhost:8321',
  });
});

test.each([
  ...["list-tools", "customer-agent", "finance-agent", "support-agent", "multi-turn-agent"],
  ...["approval-agent", "langgraph-agent", "openai-agents-agent", "question-api"],
  ...["customer-agent-server", "finance-agent-server"],
])("%s --help names its variables and examples", async (name) => {
  const { code, lines, stderr } = await runAgentProgram(name, { args: ["--help"] });
  const variables = lines.flatMap((line) => /\[env: ([A-Z_]+)/.exec(line)?.[1] ?? []);
  const examples = lines.slice(lines.indexOf("Examples:") + 1);
  expect({
    code,
    stderr,
    variables: variables.slice(0, 5),
    hasTwoExamples: examples.length === 2,
  }).toEqual({
    code: 0,
    stderr: "",
    variables: [
      ...["LLAMA_STACK_BASE_URL", "INFERENCE_MODEL", "LLAMA_STACK_API_KEY"],
      ...["CUSTOMER_MCP_SERVER_URL", "FINANCE_MCP_SERVER_URL"],
    ],
    hasTwoExamples: true,
  });
});
