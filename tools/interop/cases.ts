import assert from "node:assert/strict";
import OpenAI from "openai";
import { traitsOf } from "./config.ts";
import { answerOf, type CaseContext, callsOf, mcpTool, respond, tokenFor } from "./responses.ts";
import type { Target } from "./targets.ts";

/** One thing that users do with our servers through a Llama Stack. */
export interface Case {
  name: string;
  /** Why a version cannot do it; undefined when it can. */
  lacks?(target: Target): string | undefined;
  /** Throws what does not hold. */
  run(context: CaseContext): Promise<void>;
}

const getAlfki = 'call get_customer {"customer_id":"ALFKI"}';
/** What the model repeats of the tool's answer. */
const alfki = /"customerId":\s*"ALFKI"/;

const story = "Find the customer with email thomashardy@example.com and show their order history";

/** The dialogue of the FantaCo story. */
export const storyCase: Case = {
  name: "the story: search_customers, then fetch_order_history, on two servers in one request",
  async run(context) {
    const response = await askStory(context);
    assert.deepEqual(
      callsOf(response).map(({ name, arguments: args, error }) => [
        name,
        JSON.parse(args ?? ""),
        error ?? null,
      ]),
      [
        ["search_customers", { contact_email: "thomashardy@example.com" }, null],
        ["fetch_order_history", { customer_id: "AROUT" }, null],
      ],
    );
    assert.equal(answerOf(response), "Thomas Hardy has 3 orders: ORD-008, ORD-003, ORD-004.");
  },
};

function askStory(context: CaseContext) {
  const { customer, finance } = context.world.servers[context.way];
  const tools = [mcpTool("customer", customer), mcpTool("finance", finance)];
  return respond(context, { input: story, tools });
}

/** Tells the story once more, for people to read. */
export async function tellStory(context: CaseContext): Promise<void> {
  const response = await askStory(context);
  console.log(`  user: ${story}`);
  for (const { name, arguments: args, output } of callsOf(response)) {
    console.log(`  → ${name}(${args})\n  ← ${String(output).slice(0, shownLimit)}…`);
  }
  console.log(`  model: ${answerOf(response)}`);
}

/** The most of a tool's output that is shown, in UTF-16 units. */
const shownLimit = 200;

/** The cases of the Responses API, which every version serves. */
export const responsesCases: readonly Case[] = [
  storyCase,
  {
    name: "Streamable HTTP and SSE addresses alike",
    async run(context) {
      const { customer } = context.world.servers[context.way];
      for (const url of [customer, customer.replace(/\/mcp$/, "/sse")]) {
        const response = await respond(context, {
          input: getAlfki,
          tools: [mcpTool("customer", url)],
        });
        assert.match(answerOf(response), alfki);
      }
    },
  },
  {
    name: "streaming",
    async run(context) {
      const { customer } = context.world.servers[context.way];
      const client = new OpenAI({
        baseURL: `${context.stack.url}/v1`,
        apiKey: "none",
        maxRetries: 0,
      });
      const stream = await client.responses.create({
        model: context.model,
        input: getAlfki,
        // The form of the OpenAI client: the same members as `mcpTool` writes.
        tools: [mcpTool("customer", customer) as unknown as OpenAI.Responses.Tool],
        stream: true,
      });
      const types = new Set<string>();
      let answer = "";
      for await (const event of stream) {
        // OpenAI and Llama Stack spell the events of arguments differently.
        types.add(event.type.replace("mcp_call.arguments", "mcp_call_arguments"));
        if (event.type === "response.output_text.delta") answer += event.delta;
      }
      const wanted = [
        "response.created",
        "response.mcp_list_tools.completed",
        "response.mcp_call_arguments.done",
        "response.mcp_call.completed",
        "response.completed",
      ];
      assert.deepEqual(
        wanted.filter((type) => !types.has(type)),
        [],
      );
      assert.match(answer, alfki);
    },
  },
  {
    name: "approval: asked, given, then called",
    async run(context) {
      const response = await approve(context, true);
      assert.equal(callsOf(response).length, 1);
      assert.match(answerOf(response), alfki);
    },
  },
  {
    name: "approval: asked, refused, not called",
    async run(context) {
      const response = await approve(context, false);
      assert.deepEqual(callsOf(response), []);
    },
  },
  {
    name: "bearer token in the version's own form",
    async run(context) {
      const { guarded } = context.world.servers[context.way];
      const tools = [mcpTool("customer", guarded, tokenFor(context))];
      assert.match(answerOf(await respond(context, { input: getAlfki, tools })), alfki);
      const without = respond(context, { input: getAlfki, tools: [mcpTool("customer", guarded)] });
      await assert.rejects(without, /POST \/v1\/responses: (401|500)/);
    },
  },
  {
    name: "a chain of previous_response_id",
    async run(context) {
      const { customer } = context.world.servers[context.way];
      const tools = [mcpTool("customer", customer)];
      const first = await respond(context, { input: getAlfki, tools });
      const second = await respond(context, {
        input: 'call get_customer {"customer_id":"AROUT"}',
        previous_response_id: first.id,
        tools,
      });
      assert.match(answerOf(second), /"customerId":\s*"AROUT"/);
    },
  },
  {
    name: "a tool's error, with what to do next, reaches the model",
    async run(context) {
      const { customer } = context.world.servers[context.way];
      const response = await respond(context, {
        input: 'call get_customer {"customer_id":"NOPE"}',
        tools: [mcpTool("customer", customer)],
      });
      assert.match(answerOf(response), /NOPE.*search_customers/s);
    },
  },
  {
    name: "wrong arguments: the tool names what is wrong",
    async run(context) {
      const { customer } = context.world.servers[context.way];
      const response = await respond(context, {
        input: 'call get_customer {"customer":"ALFKI"}',
        tools: [mcpTool("customer", customer)],
      });
      assert.match(answerOf(response), /customer_id/);
    },
  },
  {
    name: "a large result, whole",
    async run(context) {
      const { customer } = context.world.servers[context.way];
      const response = await respond(context, {
        input: "call search_customers {}",
        tools: [mcpTool("customer", customer)],
      });
      const [call] = callsOf(response);
      assert.ok((JSON.parse(call?.output ?? "{}").results ?? []).length >= 11);
    },
  },
  {
    name: "a slow tool",
    async run(context) {
      const { slow } = context.world.servers[context.way];
      const response = await respond(context, { input: getAlfki, tools: [mcpTool("slow", slow)] });
      assert.match(answerOf(response), alfki);
    },
  },
  {
    name: "our server restarted between two calls",
    async run(context) {
      const { customer } = context.world.servers[context.way];
      const tools = [mcpTool("customer", customer)];
      assert.match(answerOf(await respond(context, { input: getAlfki, tools })), alfki);
      await context.world.restart(context.way);
      assert.match(answerOf(await respond(context, { input: getAlfki, tools })), alfki);
    },
  },
  {
    name: "connectors of the configuration",
    lacks: (target) =>
      traitsOf(target).hasConnectors ? undefined : "connectors came with 0.5 and work from 0.7",
    async run(context) {
      const tool = {
        type: "mcp",
        server_label: "customer",
        connector_id: connectorOf(context.way),
        require_approval: "never",
      };
      assert.match(answerOf(await respond(context, { input: getAlfki, tools: [tool] })), alfki);
    },
  },
];

/** The id under which a stack's configuration names our customer server. */
export function connectorOf(way: CaseContext["way"]): string {
  return way === "directly" ? "customer-direct" : "customer-berth";
}

/** Asks for approval of a call, answers, and returns what came of it. */
async function approve(context: CaseContext, isApproved: boolean) {
  const { customer } = context.world.servers[context.way];
  const tools = [mcpTool("customer", customer, { require_approval: "always" })];
  const asked = await respond(context, { input: getAlfki, tools });
  const request = asked.output.find(({ type }) => type === "mcp_approval_request");
  assert.deepEqual(
    [request?.name, JSON.parse(request?.arguments ?? "null")],
    ["get_customer", { customer_id: "ALFKI" }],
  );
  assert.deepEqual(callsOf(asked), []);
  return respond(context, {
    previous_response_id: asked.id,
    tools,
    input: [
      { type: "mcp_approval_response", approval_request_id: request?.id, approve: isApproved },
    ],
  });
}
