import { readFileSync } from "node:fs";
import { join } from "node:path";
import { goodScript } from "../../tests/agentLlama.ts";
import { startScriptedStack } from "../../tests/agentStack.ts";
import { type LabelledClaim, labelledClaims } from "../../tests/decisionClaims.ts";
import { type ClaimsStack, startClaimsStack } from "./claimsStack.ts";
import { describeCircumstances } from "./machine.ts";
import { type BenchOptions, isSelected } from "./options.ts";
import { type Goal, printReport, tableOf } from "./report.ts";

/** The promises: a PDF with text, and one scanned page, from the request to the decision, in milliseconds. */
const goalMs = { text: 500, scan: 3_000 } as const;
/** The claims whose documents have no text layer. */
const scans: ReadonlySet<string> = new Set(
  ["0014", "0015", "0018", "0025"].map((end) => `CLM-2025-${end}`),
);

const outcomes = ["approve", "deny", "manual_review"] as const;

/** What came of one claim. */
interface Decided {
  number: string;
  expected: LabelledClaim["outcome"];
  outcome: string;
  kind: "text" | "scan";
  ms: number;
  /** Outcome, amount and rule hits in one text. */
  decision: string;
  /** Why it is not as labelled; empty when it is. */
  differences: readonly string[];
}

/** Who may choose the tools; the second one is a scripted model behind the Llama Stack adapter. */
const agents = ["workflow", "llama-stack"] as const;
type AgentName = (typeof agents)[number];

/** All labelled claims, from the document's file to the decision, through the real servers. */
export async function benchClaims(options: BenchOptions): Promise<void> {
  const chosen = agents.filter((agent) => isSelected(options.only, agent));
  const runs: { agent: AgentName; decided: Decided[] }[] = [];
  for (const agent of chosen) runs.push({ agent, decided: await decideAll(agent) });
  const goals = runs.flatMap(({ agent, decided }) => [
    labelGoal(agent, decided),
    ...(agent === "workflow" ? timeGoals(decided) : []),
  ]);
  const [first, second] = runs;
  if (first && second) goals.push(sameGoal(first.decided, second.decided));
  const cores = "not pinned, all programs on all cores";
  const circumstances = describeCircumstances("claims", cores, {});
  const tables = runs.flatMap(({ agent, decided }) => [
    `${agent}\n\n${claimTable(decided)}`,
    confusionTable(decided),
  ]);
  printReport({ circumstances, goals }, tables, options.isJson);
  for (const { decided } of options.isJson ? [] : runs) console.log(`\n${verdictOf(decided)}`);
  if (runs.some(({ decided }) => !decided.every(isAsLabelled))) process.exitCode = 1;
}

async function decideAll(agent: AgentName): Promise<Decided[]> {
  await using model = startScriptedStack();
  model.script = goodScript;
  const stack = await startClaimsStack(agent === "workflow" ? undefined : model.url);
  const decided: Decided[] = [];
  try {
    await warmUp(stack);
    for (const claim of labelledClaims) decided.push(await decide(stack.url, claim));
  } finally {
    await stack.stop();
  }
  return decided;
}

/**
 * The first read loads the engine; what a claim takes is measured once that is done. The documents of this are like those
 * of two labelled claims and not the same: the reader remembers what it has read.
 */
async function warmUp({ url, documents }: ClaimsStack): Promise<void> {
  for (const [number, name] of Object.entries({
    first: "CLM-2025-0001",
    second: "CLM-2025-0014",
  })) {
    const bytes = readFileSync(join(documents, `${name}.pdf`));
    const form = new FormData();
    form.set("file", new File([bytes, "\n% another document\n"], "warm-up.pdf"));
    const upload = await send(`${url}/api/v1/documents`, { method: "POST", body: form });
    const claim = await send(`${url}/api/v1/claims`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        user_id: "USR025",
        claim_number: `WARM-UP-${number}`,
        document_path: upload.document_path,
      }),
    });
    await send(`${url}/api/v1/claims/${claim.id}/process?wait=true`, { method: "POST" });
  }
}

function isAsLabelled({ differences }: Decided): boolean {
  return differences.length === 0;
}

function verdictOf(decided: readonly Decided[]): string {
  return `${decided.filter(isAsLabelled).length} of ${decided.length} as labelled`;
}

function labelGoal(agent: AgentName, decided: readonly Decided[]): Goal {
  const isMet = decided.every(isAsLabelled);
  return { goal: `${agent}: every claim as labelled`, measured: verdictOf(decided), isMet };
}

function timeGoals(decided: readonly Decided[]): Goal[] {
  return (["text", "scan"] as const).map((kind) => {
    const times = decided.flatMap((one) => (one.kind === kind ? [one.ms] : []));
    times.sort((one, other) => one - other);
    const slowest = times.at(-1) ?? Number.NaN;
    return {
      goal: `${kind === "text" ? "a PDF with text" : "a scanned page"} below ${goalMs[kind]} ms`,
      measured: `median ${times[Math.floor(times.length / 2)]} ms, slowest ${slowest} ms`,
      isMet: slowest < goalMs[kind],
    };
  });
}

function sameGoal(one: readonly Decided[], other: readonly Decided[]): Goal {
  const differing = one.filter(({ decision }, index) => other[index]?.decision !== decision);
  const numbers = differing.map(({ number }) => number).join(", ");
  return {
    goal: "both agents: the same decisions, rule hits and amounts",
    measured: differing.length === 0 ? `${one.length} of ${one.length}` : `not ${numbers}`,
    isMet: differing.length === 0,
  };
}

async function decide(url: string, claim: LabelledClaim | undefined): Promise<Decided> {
  if (claim === undefined) throw new Error("the table of labelled claims is too short");
  const id = await findId(url, claim.number);
  const began = performance.now();
  const processed = await send(`${url}/api/v1/claims/${id}/process?wait=true`, { method: "POST" });
  const ms = Math.round(performance.now() - began);
  const decision = await send(`${url}/api/v1/claims/${id}/decision`);
  const found: unknown[] = Array.isArray(decision.rule_hits) ? decision.rule_hits : [];
  const codes = found.map((hit) => String(Object(hit).code));
  const missing = claim.hits.filter((code) => !codes.includes(code));
  const outcome = String(decision.initial_decision ?? processed.status);
  const differences = [
    ...(outcome === claim.outcome ? [] : [`outcome ${outcome}, expected ${claim.outcome}`]),
    ...(missing.length === 0 ? [] : [`without ${missing.join(", ")}`]),
    ...(decision.payable_amount === claim.payable || !isAmountLabelled(claim)
      ? []
      : [`payable ${decision.payable_amount}, expected ${claim.payable}`]),
  ];
  if (differences.length > 0) differences.push(`hits ${JSON.stringify(found)}`);
  const kind = scans.has(claim.number) ? "scan" : "text";
  const whole = [outcome, decision.payable_amount, decision.currency, ...codes].join(" ");
  const common = { number: claim.number, expected: claim.outcome, outcome, kind, ms } as const;
  return { ...common, decision: whole, differences };
}

/** The labels name no amount for most reviews: what a scan that hardly anybody can read would pay is open. */
function isAmountLabelled({ number, outcome }: LabelledClaim): boolean {
  return outcome !== "manual_review" || number === "CLM-2025-0006";
}

async function findId(url: string, number: string): Promise<string> {
  const { claims } = await send(`${url}/api/v1/claims?search=${number}`);
  const [claim] = Array.isArray(claims) ? claims : [];
  return String(Object(claim).id);
}

async function send(url: string, init: RequestInit = {}): Promise<Record<string, unknown>> {
  const response = await fetch(url, init);
  const body: unknown = await response.json();
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${JSON.stringify(body)}`);
  return Object(body);
}

function claimTable(decided: readonly Decided[]): string {
  const rows = decided.map(({ number, kind, expected, ms, differences }) => [
    number,
    kind,
    expected,
    `${ms}`,
    differences.length === 0 ? "as labelled" : differences.join("; "),
  ]);
  return tableOf(["claim", "document", "label", "ms", ""], rows);
}

function confusionTable(decided: readonly Decided[]): string {
  const rows = outcomes.map((label) => [
    label,
    ...outcomes.map((outcome) => {
      const count = decided.filter((one) => one.expected === label && one.outcome === outcome);
      return `${count.length}`;
    }),
  ]);
  return tableOf(["label \\ decided", ...outcomes], rows);
}
