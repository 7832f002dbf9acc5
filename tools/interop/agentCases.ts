import assert from "node:assert/strict";
import { disputeAgent, supportAgent } from "../agents/agents.ts";
import { openSession } from "../agents/session.ts";
import type { AgentValues } from "../agents/settings.ts";
import type { Case } from "./cases.ts";
import type { CaseContext } from "./responses.ts";

/** How long one question may take, in milliseconds. */
const questionLimitMs = 60_000;
const dispute =
  'call start_duplicate_charge_dispute {"customer_id":"AROUT","order_id":8,"description":"Charged twice"}';

/** The sessions that the agent programs and the evaluations are made of. */
export const agentCases: readonly Case[] = [
  {
    name: "an agent program: two turns in one session, each with its trace",
    async run(context) {
      const values = valuesOf(context);
      const session = openSession(supportAgent(values), values);
      const signal = AbortSignal.timeout(questionLimitMs);
      const first = await session.ask('call get_customer {"customer_id":"AROUT"}', { signal });
      const second = await session.ask('call fetch_order_history {"customer_id":"AROUT"}', {
        signal,
      });
      const told = [first, second].map(({ trace }) =>
        trace.map((entry) =>
          entry.type === "tool_call" ? [entry.server, entry.tool, entry.error] : [entry.type],
        ),
      );
      assert.deepEqual(told, [
        [["customer", "get_customer", null], ["message"]],
        [["finance", "fetch_order_history", null], ["message"]],
      ]);
      assert.match(second.text, /ORD-008.*ORD-003.*ORD-004/s);
    },
  },
  {
    name: "an agent program that asks a person: after a no the model is told, and a yes to the same call files the dispute",
    async run(context) {
      const values = valuesOf(context);
      const signal = AbortSignal.timeout(questionLimitMs);
      const session = openSession(disputeAgent(values), values);
      const traces: unknown[] = [];
      for (const isApproved of [false, true]) {
        const { trace } = await session.ask(dispute, { signal, approve: async () => isApproved });
        traces.push(
          trace.map((entry) => ("tool" in entry ? [entry.type, entry.tool] : [entry.type])),
        );
      }
      const call = "start_duplicate_charge_dispute";
      assert.deepEqual(traces, [
        [["approval", call], ["message"]],
        [["approval", call], ["tool_call", call], ["message"]],
      ]);
    },
  },
  {
    name: "an agent program whose model is not there says which there are",
    async run(context) {
      const values = { ...valuesOf(context), model: "scripted/none" };
      const session = openSession(supportAgent(values), values);
      const asked = session.ask("Hello", { signal: AbortSignal.timeout(questionLimitMs) });
      await assert.rejects(asked, { hint: /Set INFERENCE_MODEL to one of: .*scripted/ });
    },
  },
];

function valuesOf({ stack, world, way, model }: CaseContext): AgentValues {
  const { customer: customerUrl, finance: financeUrl } = world.servers[way];
  const found = { llamaStackUrl: stack.url, model, customerUrl, financeUrl };
  return { ...found, apiKey: undefined, toolToken: undefined, timeoutSeconds: 60 };
}
