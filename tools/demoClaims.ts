/** The second story of `bun run demo`: three claims, each from its document to its decision. */

/** Says whether a claim of the story held, and counts. */
export type Check = (holds: boolean, claim: string) => void;

interface Expected {
  number: string;
  what: string;
  status: string;
  outcome: string | null;
  rules: readonly string[];
  payable: number | null;
}

const expected: readonly Expected[] = [
  {
    number: "CLM-2025-0001",
    what: "an emergency treatment, within its cover",
    status: "completed",
    outcome: "approve",
    rules: [],
    payable: 720,
  },
  {
    number: "CLM-2025-0008",
    what: "a flooded cellar, which the contract excludes",
    status: "completed",
    outcome: "deny",
    rules: ["EXCLUSION"],
    payable: null,
  },
  {
    number: "CLM-2025-0024",
    what: "a bill whose text gives orders to its reader",
    status: "manual_review",
    outcome: null,
    rules: ["PROMPT_INJECTION"],
    payable: 910,
  },
];

/** The tools that every claim has to pass through, in this order. */
const steps = [
  "ocr_document",
  "retrieve_user_info",
  "retrieve_similar_claims",
  "make_final_decision",
];

/** Takes three claims from document to decision through the claims service, and prints the trace of each. */
export async function tellClaims(claimsApi: string, check: Check): Promise<void> {
  const api = `${claimsApi}/api/v1/claims`;
  console.log('"Read the documents of three claims and decide them."\n');
  for (const claim of expected) await decide(api, claim, check);
}

async function decide(api: string, claim: Expected, check: Check): Promise<void> {
  const { number } = claim;
  const found = await getJson(`${api}?search=${number}`);
  const id = entries(found.claims)[0]?.id;
  console.log(`→ ${number}, ${claim.what}: POST ${api}/${id}/process?wait=true`);
  const began = performance.now();
  const answer = await fetch(`${api}/${id}/process?wait=true`, { method: "POST" });
  const done = Object(await answer.json());
  const { logs } = await getJson(`${api}/${id}/logs?run_id=${done.run_id}`);
  const ofRun = entries(logs).slice(-stepsLimit);
  for (const step of ofRun) {
    const millis = String(Math.round(Number(step.duration_ms))).padStart(6);
    console.log(`  ${millis} ms  ${String(step.step_name).padEnd(24)}${step.status}`);
  }
  const decision = await getJson(`${api}/${id}/decision?run_id=${done.run_id}`);
  const rules = entries(decision.rule_hits).map(({ code }) => String(code));
  console.log(
    `← ${decision.initial_decision}, payable ${decision.payable_amount ?? "nothing"} ${decision.currency ?? ""}, ` +
      `rules ${rules.join(", ") || "none"}, in ${(performance.now() - began).toFixed(0)} ms`,
  );
  const names = ofRun.flatMap(({ step_name: name, status }) =>
    status === "completed" ? [String(name)] : [],
  );
  check(
    steps.every((step) => names.includes(step)) && names.at(-1) === "make_final_decision",
    `${number} went through ${steps.join(", ")}`,
  );
  check(
    done.status === claim.status &&
      (done.outcome ?? null) === claim.outcome &&
      claim.rules.every((rule) => rules.includes(rule)) &&
      (decision.payable_amount ?? null) === claim.payable,
    `${number} ends as ${claim.outcome ?? claim.status}, payable ${claim.payable ?? "nothing"}`,
  );
}

/** The most steps that one run of the built-in workflow has. */
const stepsLimit = 5;

async function getJson(url: string): Promise<Record<string, unknown>> {
  return Object(await (await fetch(url)).json());
}

function entries(list: unknown): Record<string, unknown>[] {
  return Array.isArray(list) ? list : [];
}
