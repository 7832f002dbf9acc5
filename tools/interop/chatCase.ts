import assert from "node:assert/strict";
import { join } from "node:path";
import { root, runListening } from "../../tests/program.ts";
import type { Case } from "./cases.ts";

/** How long one turn may take, in milliseconds. */
const turnLimitMs = 60_000;
const look = 'call get_customer {"customer_id":"AROUT"}';
const dispute =
  'call start_duplicate_charge_dispute {"customer_id":"AROUT","order_id":8,"description":"Charged twice"}';

/** An entry of a conversation, as the chat tells it. */
interface Entry {
  type: string;
  name?: string;
  state?: string;
  call_id?: string;
  output?: unknown;
}

/** The support chat over this Llama Stack: what is read is read at once, what is written only after a person's yes. */
export const chatCase: Case = {
  name: "the support chat: a question with a call, a write denied, and the same approved",
  async run({ stack, world, way, model }) {
    const { customer, finance } = world.servers[way];
    await using chat = await runListening([
      ...[process.execPath, join(root, "src/services/support-chat/main.ts"), "--port", "0"],
      ...["--llamastack-endpoint", stack.url, "--llamastack-model", model],
      ...["--customer-server-url", customer, "--finance-server-url", finance],
    ]);
    const { id } = await (await post(`${chat.url}/api/conversations`, {})).json();
    const path = `${chat.url}/api/conversations/${id}`;
    const entries = async (): Promise<Entry[]> => (await (await fetch(path)).json()).entries;
    const say = async (text: string) => (await post(`${path}/messages`, { text })).text();
    const decide = async (isApproved: boolean) => {
      const call = (await entries()).find(({ state }) => state === "waiting");
      const body = { call_id: call?.call_id, is_approved: isApproved };
      await (await post(`${path}/approvals`, body)).text();
    };
    await say(look);
    await say(dispute);
    await decide(false);
    await say(dispute);
    await decide(true);
    assert.deepEqual(
      (await entries()).map((entry) => [entry.type, entry.name, outcomeOf(entry)].filter(Boolean)),
      [
        ["user"],
        ["call", "get_customer", "carried out"],
        ["assistant"],
        ["user"],
        ["call", "start_duplicate_charge_dispute", "denied"],
        ["assistant"],
        ["user"],
        ["call", "start_duplicate_charge_dispute", "carried out"],
        ["assistant"],
      ],
    );
  },
};

/** Every version meets the same database: the service refuses the dispute that an earlier one has filed. */
function outcomeOf({ state, output }: Entry): string | undefined {
  const isFiled = state === "failed" && /already exists for order/.test(JSON.stringify(output));
  return state === "done" || isFiled ? "carried out" : state;
}

async function post(url: string, body: object): Promise<Response> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(turnLimitMs),
  });
  if (!response.ok) throw new Error(`POST ${url}: ${response.status} ${await response.text()}`);
  return response;
}
