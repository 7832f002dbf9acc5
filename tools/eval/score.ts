import type { ExpectedCall, Question } from "./dataset.ts";

/** A tool call as it was made. */
export interface MadeCall {
  tool: string;
  arguments: Readonly<Record<string, unknown>>;
}

/** From 0 to 1 each. */
export interface Score {
  /** The right tools in the right order, and no others. */
  tools: number;
  /** The right arguments of the right tools. */
  arguments: number;
  /** The facts in the answer, less what does not belong there. */
  answer: number;
  /** What was wrong, in words. */
  misses: string[];
}

/** Scores the calls and the answer of one question; of several right plans the one that fits best counts. */
export function scoreOf(question: Question, made: readonly MadeCall[], answer: string): Score {
  const plans = question.plans.map((plan) => scorePlan(plan, made));
  const calls = plans.toSorted((one, other) => sumOf(other) - sumOf(one))[0];
  if (calls === undefined) throw new Error(`${question.id} has no plan`);
  const said = scoreAnswer(question, answer);
  return {
    tools: calls.tools,
    arguments: calls.arguments,
    answer: said.answer,
    misses: [...calls.misses, ...said.misses],
  };
}

/** The mean of the three. */
export function totalOf(score: Pick<Score, "tools" | "arguments" | "answer">): number {
  return (score.tools + score.arguments + score.answer) / 3;
}

function sumOf(score: { tools: number; arguments: number }): number {
  return score.tools + score.arguments;
}

function scorePlan(plan: readonly ExpectedCall[], made: readonly MadeCall[]) {
  const pairs = pairUp(plan, made);
  const most = Math.max(plan.length, made.length);
  const names = (calls: readonly { tool: string }[]) =>
    calls.map(({ tool }) => tool).join(", ") || "nothing";
  const misses: string[] = [];
  if (pairs.length < most) misses.push(`called ${names(made)}; expected ${names(plan)}`);
  let right = 0;
  for (const [expected, call] of pairs) {
    const { share, wrong } = compareArguments(expected, call);
    right += share;
    misses.push(...wrong.map((what) => `${call.tool}: ${what}`));
  }
  return {
    tools: most === 0 ? 1 : pairs.length / most,
    // A tool that was not called has no right arguments either.
    arguments: plan.length === 0 ? 1 : right / plan.length,
    misses,
  };
}

/** The longest common run of tools, in order; gaps are allowed. */
function pairUp(
  plan: readonly ExpectedCall[],
  made: readonly MadeCall[],
): [ExpectedCall, MadeCall][] {
  const [expected, ...laterPlan] = plan;
  if (expected === undefined || made.length === 0) return [];
  const at = made.findIndex(({ tool }) => tool === expected.tool);
  const call = made[at];
  const without = pairUp(laterPlan, made);
  if (call === undefined) return without;
  const withIt: [ExpectedCall, MadeCall][] = [
    [expected, call],
    ...pairUp(laterPlan, made.slice(at + 1)),
  ];
  return withIt.length >= without.length ? withIt : without;
}

/** What the tools assume when an argument is not given. */
const assumed: ReadonlySet<unknown> = new Set([null, undefined, "", 0, false]);
/** The usual size of a page; any size that holds all rows is as good. */
const leastWholePage = 50;
/** Other names of arguments that a server takes. */
const aliases: Readonly<Record<string, string>> = { email: "contact_email" };

function compareArguments(expected: ExpectedCall, call: MadeCall) {
  const given = Object.fromEntries(
    Object.entries(call.arguments)
      .map(([name, value]) => [aliases[name] ?? name, value] as const)
      .filter(([name, value]) => !assumed.has(value) && !isWholePage(name, value)),
  );
  const isFree = (name: string) => expected.free.includes(name) || expected.free.includes("*");
  const extra = Object.keys(given).filter((name) => !(name in expected.arguments) && !isFree(name));
  const names = [...Object.keys(expected.arguments), ...extra];
  const wrong = names.flatMap((name) =>
    isSame(given[name], expected.arguments[name])
      ? []
      : [
          `${name} is ${JSON.stringify(given[name])}; expected ${JSON.stringify(expected.arguments[name])}`,
        ],
  );
  return { share: names.length === 0 ? 1 : 1 - wrong.length / names.length, wrong };
}

function isWholePage(name: string, value: unknown): boolean {
  return name === "limit" && Number(value) >= leastWholePage;
}

/** Numbers may come as text, and the services do not care for upper and lower case in searches. */
function isSame(given: unknown, expected: unknown): boolean {
  return plain(String(given)) === plain(String(expected));
}

function scoreAnswer({ facts, never }: Question, answer: string) {
  const text = plain(answer);
  const missing = facts.filter((fact) => ![fact].flat().some((one) => says(text, one)));
  const wrong = never.filter((one) => says(text, one));
  const penalty = never.length === 0 ? 0 : wrong.length / never.length;
  const share = 1 - missing.length / facts.length - penalty;
  const misses = [
    ...missing.map((fact) => `the answer does not say ${JSON.stringify(fact)}`),
    ...wrong.map((one) => `the answer says ${JSON.stringify(one)}`),
  ];
  return { answer: Math.max(0, share), misses };
}

/** Whether a text says something that is no part of a longer word or number there. */
function says(text: string, fact: string): boolean {
  const wanted = plain(fact);
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) {
    const edges = [
      text.slice(Math.max(0, at - 1), at + 1),
      text.slice(at + wanted.length - 1).slice(0, 2),
    ];
    if (!edges.some((edge) => /^(\d\d|\p{L}\p{L})$/u.test(edge))) return true;
  }
  return false;
}

/** The same words however they are written: case, spaces, emphasis, separators of thousands, zeros at the end. */
function plain(text: string): string {
  return text
    .normalize("NFC")
    .toLowerCase()
    .replace(/[*`$€]/g, "")
    .replace(/[‘’]/g, "'")
    .replace(/(\d),(?=\d{3}\b)/g, "$1")
    .replace(/(\d+\.\d*?)0+(?!\d)/g, "$1")
    .replace(/(\d)\.(?!\d)/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
}
