import type { Facts } from "../mcp/decision/facts.ts";
import type { Agent, AgentEvent, ClaimTask, RunContext } from "../src/agent/port.ts";
import type { ClaimsStub } from "./decisionClaimsStub.ts";

/** The task of a claim of the table; its document's path is its number. */
export function taskOf({ claim, user }: Facts, change: Partial<ClaimTask> = {}): ClaimTask {
  return {
    runId: `run-${claim.claim_id}`,
    claimId: claim.claim_id,
    claimNumber: claim.claim_number,
    userId: claim.user_id,
    claimType: claim.claim_type,
    documentPath: claim.claim_number,
    userName: user?.full_name ?? null,
    documentText: null,
    options: {
      workflowType: "standard",
      skipOcr: false,
      enableRag: true,
      skipGuardrails: false,
    },
    ...change,
  };
}

/** All events of a run. */
export async function runAll(
  agent: Agent,
  task: ClaimTask,
  context: Partial<RunContext> = {},
): Promise<AgentEvent[]> {
  const events: AgentEvent[] = [];
  const run = agent.run(task, { signal: new AbortController().signal, ...context });
  for await (const event of run) events.push(event);
  return events;
}

/** The last event, which says how the run ended. */
export function endOf(events: readonly AgentEvent[]): Extract<AgentEvent, { type: "ended" }> {
  const last = events.at(-1);
  if (last?.type !== "ended") throw new Error(`a run ended with ${JSON.stringify(last)}`);
  return last;
}

/** The run in short: each step with how it ended, proposals, notes and the end. */
export function outline(events: readonly AgentEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.type === "guardrail.detected") return [];
    if (event.type === "ended") return [`ended ${event.state}`];
    if (event.type === "note" || event.type === "decision.proposed") return [event.type];
    return [`${event.type} ${event.stepName}`];
  });
}

/** Runs a claim: what was decided, what is payable and what was recorded, and the rules that hit. */
export async function decisionOf(
  agent: Agent,
  service: ClaimsStub,
  { facts }: { facts: Facts },
): Promise<{ decided: unknown[]; hits: unknown }> {
  const end = endOf(await runAll(agent, taskOf(facts)));
  const decision = end.state === "decided" ? end.decision : {};
  const row = service.rows.get(`run-${facts.claim.claim_id}`);
  return {
    decided: [decision.recommendation, decision.payable_amount, row?.recommendation],
    hits: row?.rule_hits,
  };
}
