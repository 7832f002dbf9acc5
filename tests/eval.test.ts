import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { claimQuestions, type Question, readQuestions } from "../tools/eval/dataset.ts";
import { thinkByRules } from "../tools/eval/model/ruleModel.ts";
import { markdownOf, reportOf } from "../tools/eval/report.ts";
import { askQuestion } from "../tools/eval/run.ts";
import type { PlannedCall, Think } from "../tools/interop/model.ts";
import { type AgentsWorld, openAgentsWorld, startLimitMs } from "./agentsWorld.ts";

setDefaultTimeout(startLimitMs);

let think: Think = thinkByRules;
let world: AgentsWorld;
const questions = await readQuestions();
beforeAll(async () => {
  world = await openAgentsWorld((messages) => think(messages));
}, startLimitMs);
afterAll(() => world[Symbol.asyncDispose](), startLimitMs);

function questionOf(id: string): Question {
  const found = questions.find((question) => question.id === id);
  if (found === undefined) throw new Error(`no question ${id}`);
  return found;
}

/** A model that makes these calls whatever it is asked, and then says this of the tools' answers. */
function model(
  calls: readonly (readonly [string, object])[],
  say: (last: string) => string,
): Think {
  return (messages) => {
    const results = messages.filter(({ role }) => role === "tool");
    const next = calls[results.length];
    if (next === undefined) return { answer: say(String(results.at(-1)?.content)) };
    return { tool: next[0], arguments: JSON.stringify(next[1]) } satisfies PlannedCall;
  };
}

async function scoresWith(changed: Think, id: string) {
  think = changed;
  const {
    tools,
    arguments: args,
    answer,
    misses,
  } = await askQuestion(questionOf(id), world.values, AbortSignal.timeout(20_000));
  return { tools, arguments: args, answer, misses };
}

const whole = (last: string) => last;
const search = ["search_customers", { contact_email: "thomashardy@example.com" }] as const;
const orders = ["fetch_order_history", { customer_id: "AROUT" }] as const;

test.each([
  [
    "the right calls and answer lose nothing",
    model([search, orders], whole),
    { tools: 1, arguments: 1, answer: 1, misses: [] },
  ],
  [
    "an argument under its other name, and what the tool assumes anyway, lose nothing",
    model(
      [
        ["search_customers", { email: "thomashardy@example.com", phone: null }],
        ["fetch_order_history", { customer_id: "AROUT", limit: 50, offset: 0 }],
      ],
      whole,
    ),
    { tools: 1, arguments: 1, answer: 1, misses: [] },
  ],
  [
    "a wrong tool lowers the tools, and with them the arguments",
    model(
      [search, ["fetch_invoice_history", { customer_id: "AROUT" }]],
      () => "ORD-008, ORD-003, ORD-004",
    ),
    {
      tools: 0.5,
      arguments: 0.5,
      answer: 1,
      misses: [
        "called search_customers, fetch_invoice_history; expected search_customers, fetch_order_history",
      ],
    },
  ],
  [
    "a call too many lowers the tools alone",
    model([search, ["get_customer", { customer_id: "AROUT" }], orders], whole),
    {
      tools: 2 / 3,
      arguments: 1,
      answer: 1,
      misses: [
        "called search_customers, get_customer, fetch_order_history; expected search_customers, fetch_order_history",
      ],
    },
  ],
  [
    "calls in the wrong order lower the tools",
    model([orders, search], () => "ORD-008, ORD-003, ORD-004"),
    {
      tools: 0.5,
      arguments: 0.5,
      answer: 1,
      misses: [
        "called fetch_order_history, search_customers; expected search_customers, fetch_order_history",
      ],
    },
  ],
  [
    "a wrong argument lowers the arguments alone",
    model([["search_customers", { contact_email: "hardy" }], orders], whole),
    {
      tools: 1,
      arguments: 0.5,
      answer: 1,
      misses: ['search_customers: contact_email is "hardy"; expected "thomashardy@example.com"'],
    },
  ],
  [
    "an argument that nobody asked for lowers the arguments",
    model([search, ["fetch_order_history", { customer_id: "AROUT", limit: 5 }]], whole),
    {
      tools: 1,
      arguments: 0.75,
      answer: 1,
      misses: ["fetch_order_history: limit is 5; expected undefined"],
    },
  ],
  [
    "a missing fact lowers the answer alone",
    model([search, orders], () => "The orders are ORD-008 and ORD-003."),
    {
      tools: 1,
      arguments: 1,
      answer: 2 / 3,
      misses: ['the answer does not say "ORD-004"'],
    },
  ],
  [
    "what does not belong into the answer lowers it",
    model([search, orders], () => "ORD-001, ORD-008, ORD-003, ORD-004"),
    { tools: 1, arguments: 1, answer: 0, misses: ['the answer says "ORD-001"'] },
  ],
  [
    "a part of a number is not the number",
    model([search, orders], () => "ORD-0081, ORD-0031, ORD-004"),
    {
      tools: 1,
      arguments: 1,
      answer: 1 / 3,
      misses: ['the answer does not say "ORD-008"', 'the answer does not say "ORD-003"'],
    },
  ],
  [
    "a tool that does not exist is no call, and what was handed back no answer",
    model([["find_customer", {}]], whole),
    {
      tools: 0,
      arguments: 0,
      answer: 0,
      misses: [
        "called nothing; expected search_customers, fetch_order_history",
        'the answer does not say "ORD-008"',
        'the answer does not say "ORD-003"',
        'the answer does not say "ORD-004"',
      ],
    },
  ],
])("%s", async (_, changed, scores) => {
  const found = await scoresWith(changed, "both-01");
  expect(found).toEqual({
    ...scores,
    tools: expect.closeTo(scores.tools, 10),
    arguments: expect.closeTo(scores.arguments, 10),
    answer: expect.closeTo(scores.answer, 10),
  });
});

test("amounts, dates and emphasis count however they are written", async () => {
  const say = (text: string) => model([orders], () => text);
  const answers = ["The total is **$349.97**.", "349.970 in all", "It is 1,349.97."];
  const scores: number[] = [];
  for (const text of answers) scores.push((await scoresWith(say(text), "orders-06")).answer);
  expect(scores).toEqual([1, 1, 0]);
});

test("the dataset has sixty questions and the thirty claims, each with an id of its own", () => {
  const claims = claimQuestions();
  const ids = [...questions, ...claims].map(({ id }) => id);
  expect({
    hasSixty: questions.length >= 60,
    claims: claims.length,
    distinct: new Set(ids).size === ids.length,
  }).toEqual({ hasSixty: true, claims: 30, distinct: true });
});

test("the model of rules gives the same report each time, as JSON and as Markdown", async () => {
  think = thinkByRules;
  const run = async () => {
    const chosen = questions.filter((_, at) => at % 7 === 0);
    const results = [];
    for (const question of chosen) {
      results.push(await askQuestion(question, world.values, AbortSignal.timeout(20_000)));
    }
    return reportOf({ model: "scripted", endpoint: "the model of rules" }, results);
  };
  const [first, second] = [await run(), await run()];
  expect(second).toEqual(first);
  expect(markdownOf(second)).toBe(markdownOf(first));
});

test("every fact of the dataset can be found by asking: the model of rules knows no expected answer", async () => {
  think = thinkByRules;
  const lost: string[] = [];
  for (const question of questions) {
    const { answer, id } = await askQuestion(question, world.values, AbortSignal.timeout(20_000));
    if (answer < 1) lost.push(id);
  }
  expect(lost).toEqual([]);
});
