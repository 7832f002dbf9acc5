import { type LabelledClaim, labelledClaims } from "../../tests/decisionClaims.ts";
import { startClaimsStack } from "./claimsStack.ts";
import { describeCircumstances } from "./machine.ts";
import type { BenchOptions } from "./options.ts";
import { printReport, tableOf } from "./report.ts";

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
  /** Why it is not as labelled; empty when it is. */
  differences: readonly string[];
}

/** All labelled claims, from the document's file to the decision, through the real servers. */
export async function benchClaims(options: BenchOptions): Promise<void> {
  const stack = await startClaimsStack();
  const decided: Decided[] = [];
  try {
    // The first read loads the engine; what a claim takes is measured once that is done.
    await decide(stack.url, labelledClaims[13]);
    await decide(stack.url, labelledClaims[0]);
    for (const claim of labelledClaims) decided.push(await decide(stack.url, claim));
  } finally {
    await stack.stop();
  }
  const right = decided.filter(({ differences }) => differences.length === 0).length;
  const verdict = `${right} of ${decided.length} as labelled`;
  const times = (kind: Decided["kind"]) =>
    decided
      .filter((one) => one.kind === kind)
      .map(({ ms }) => ms)
      .sort((one, other) => one - other);
  const goals = (["text", "scan"] as const).map((kind) => {
    const slowest = times(kind).at(-1) ?? Number.NaN;
    return {
      goal: `${kind === "text" ? "a PDF with text" : "a scanned page"} below ${goalMs[kind]} ms`,
      measured: `median ${times(kind)[Math.floor(times(kind).length / 2)]} ms, slowest ${slowest} ms`,
      isMet: slowest < goalMs[kind],
    };
  });
  const isRight = right === decided.length;
  goals.unshift({ goal: "every claim as labelled", measured: verdict, isMet: isRight });
  const circumstances = describeCircumstances(
    "claims",
    "not pinned, all programs on all cores",
    {},
  );
  printReport(
    { circumstances, goals },
    [claimTable(decided), confusionTable(decided)],
    options.isJson,
  );
  if (!options.isJson) console.log(`\n${verdict}`);
  if (!isRight) process.exitCode = 1;
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
  return { number: claim.number, expected: claim.outcome, outcome, kind, ms, differences };
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
