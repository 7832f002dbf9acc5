import assert from "node:assert/strict";
import { join } from "node:path";
import { root } from "../../tests/program.ts";
import type { Case } from "./cases.ts";
import { traitsOf } from "./config.ts";
import { answerOf, respond } from "./responses.ts";

/** `berth register`, by the built binary, and then what it printed put to use. */
export const registerCase: Case = {
  name: "berth register tells the stack in its own form, and what it prints works",
  async run(context) {
    const { stack, world } = context;
    const child = Bun.spawn(
      [
        join(root, "dist", "berth"),
        "register",
        "--json",
        "--llama-stack",
        stack.url,
        "--berth",
        world.berth,
        "--config",
        world.berthConfig,
        "customer-mcp",
      ],
      { stdout: "pipe", stderr: "pipe" },
    );
    const [code, out, problem] = await Promise.all([
      child.exited,
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    assert.equal(code, 0, problem);
    const told = JSON.parse(out);
    const [server] = told.servers;
    assert.equal(told.version, stack.target.version);
    assert.deepEqual([...server.tools].sort(), ["get_customer", "search_customers"]);
    assert.equal(server.toolgroup !== null, traitsOf(stack.target).hasToolgroups);
    assert.equal(told.connectors !== null, traitsOf(stack.target).hasConnectors);
    const input = 'call get_customer {"customer_id":"ALFKI"}';
    const response = await respond(context, { input, tools: [server.responsesTool] });
    assert.match(answerOf(response), /ALFKI/);
  },
};
