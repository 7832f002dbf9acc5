import assert from "node:assert/strict";
import type { Case } from "./cases.ts";
import { traitsOf } from "./config.ts";
import { type CaseContext, post } from "./responses.ts";
import type { Target } from "./targets.ts";

/** The forms that only the older versions have. */
export const oldCases: readonly Case[] = [
  {
    name: "toolgroup: register, list, invoke",
    lacks: lacksToolgroups,
    async run(context) {
      const group = await registerGroup(context);
      const { url } = context.stack;
      const listed: { data: { name?: string; identifier?: string }[] } = await (
        await fetch(`${url}/v1/tools?toolgroup_id=${encodeURIComponent(group)}`)
      ).json();
      assert.deepEqual(listed.data.map(({ name, identifier }) => name ?? identifier).sort(), [
        "get_customer",
        "search_customers",
      ]);
      const result: { content: { text: string }[] } = await post(`${url}/v1/tool-runtime/invoke`, {
        tool_name: "get_customer",
        kwargs: { customer_id: "ALFKI" },
      });
      assert.match(JSON.stringify(result.content), /ALFKI/);
    },
  },
  {
    name: "Agents API: a turn with the toolgroup",
    lacks: lacksToolgroups,
    async run(context) {
      const group = await registerGroup(context);
      const agents = `${context.stack.url}/v1alpha/agents`;
      const { agent_id } = await post<{ agent_id: string }>(agents, {
        agent_config: { model: context.model, instructions: "Use the tools.", toolgroups: [group] },
      });
      const { session_id } = await post<{ session_id: string }>(`${agents}/${agent_id}/session`, {
        session_name: "interop",
      });
      const response = await fetch(`${agents}/${agent_id}/session/${session_id}/turn`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          messages: [{ role: "user", content: 'call get_customer {"customer_id":"ALFKI"}' }],
          stream: true,
        }),
      });
      assert.match(await response.text(), /turn_complete[\s\S]*ALFKI/);
    },
  },
];

function lacksToolgroups(target: Target): string | undefined {
  return traitsOf(target).hasToolgroups
    ? undefined
    : "toolgroups and the Agents API went with 0.4 to 0.7";
}

/** Registers the customer server once for each way; registering again is an error in some versions. */
async function registerGroup({ stack, world, way }: CaseContext): Promise<string> {
  const group = way === "directly" ? "mcp::customer-direct" : "mcp::customer-berth";
  const known: { data: { identifier: string }[] } = await (
    await fetch(`${stack.url}/v1/toolgroups`)
  ).json();
  if (!known.data.some(({ identifier }) => identifier === group)) {
    await fetch(`${stack.url}/v1/toolgroups`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        toolgroup_id: group,
        provider_id: "model-context-protocol",
        mcp_endpoint: { uri: world.servers[way].customer },
      }),
    });
  }
  return group;
}
