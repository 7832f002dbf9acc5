import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { thinkByRules } from "../tools/eval/model/ruleModel.ts";
import { type AgentsWorld, openAgentsWorld, runAgentProgram, startLimitMs } from "./agentsWorld.ts";
import { until } from "./edge/gateway.ts";
import { root } from "./program.ts";

setDefaultTimeout(startLimitMs);

let world: AgentsWorld;
beforeAll(async () => {
  world = await openAgentsWorld(thinkByRules);
}, startLimitMs);
afterAll(() => world[Symbol.asyncDispose](), startLimitMs);

/** The orders of AROUT that a duplicate charge is disputed for. */
async function disputed(): Promise<unknown[]> {
  const url = `${world.financeApi}/api/finance/disputes?customerId=AROUT&disputeType=DUPLICATE_CHARGE`;
  const { data } = await (await fetch(url)).json();
  return data.map(({ orderId }: { orderId: number }) => orderId).toSorted();
}

const prompts = { question: "> ", approval: "Approve? [y/n] " };
const asks = (number: string) => `Order ${number} was charged twice, please dispute it.`;

/** Types each line once its prompt has been shown, as a person at a terminal does. */
async function typeAt(lines: readonly (readonly [keyof typeof prompts, string])[]) {
  let shown = "";
  const child = Bun.spawn([process.execPath, "tools/agents/approval-agent.ts"], {
    cwd: root,
    env: { PATH: process.env.PATH ?? "", ...world.env },
    terminal: {
      cols: 2_000,
      data: (_, chunk) => {
        shown += new TextDecoder().decode(chunk);
      },
    },
  });
  let from = 0;
  const before: unknown[] = [];
  for (const [prompt, line] of lines) {
    await until(() => shown.indexOf(prompts[prompt], from) !== -1);
    from = shown.length;
    if (prompt === "approval") before.push(await disputed());
    child.terminal?.write(`${line}\n`);
  }
  const code = await child.exited;
  return { code, before, after: await disputed(), shown };
}

test.skipIf(process.platform === "win32")(
  "at a terminal a dispute is filed after yes, and not before",
  async () => {
    const { shown, ...rest } = await typeAt([
      ["question", asks("ORD-003")],
      ["approval", "perhaps"],
      ["approval", "y"],
      ["question", "quit"],
    ]);
    expect(rest).toEqual({ code: 0, before: [[], []], after: [3] });
    expect(shown).toContain("disputeType DUPLICATE_CHARGE, status OPEN");
  },
);

test.skipIf(process.platform === "win32")(
  "at a terminal no files nothing, and the model is told so",
  async () => {
    const already = await disputed();
    const { shown, ...rest } = await typeAt([
      ["question", asks("ORD-008")],
      ["approval", "n"],
      ["question", "exit"],
    ]);
    expect(rest).toEqual({ code: 0, before: [already], after: already });
    expect(shown).toContain("You refused it, so nothing was filed.");
    expect(world.standIn.requests.at(-1)?.input).toEqual([
      { role: "user", content: asks("ORD-008") },
      {
        role: "user",
        content:
          "I refused this: start_duplicate_charge_dispute. It was not carried out. Do not call it again unless I ask for it; tell me where that leaves us.",
      },
    ]);
  },
);

test("the end of a piped input is a no", async () => {
  const already = await disputed();
  const ran = await runAgentProgram("approval-agent", { env: world.env, input: asks("ORD-004") });
  const said = ran.lines.filter((line) => line.includes("refused"));
  expect({ code: ran.code, said, after: await disputed() }).toEqual({
    code: 0,
    said: [
      'Approve? [y/n]   refused: start_duplicate_charge_dispute({"customer_id":"AROUT","order_id":4,"description":"The customer says that ORD-004 was charged twice."})',
      "You refused it, so nothing was filed.",
    ],
    after: already,
  });
});
