import { AppError } from "../../src/core/fault.ts";
import { supportAgent } from "../agents/agents.ts";
import { openSession } from "../agents/session.ts";
import type { AgentValues } from "../agents/settings.ts";
import { claimQuestions, type Question } from "./dataset.ts";
import { type MadeCall, type Score, scoreOf } from "./score.ts";

/** What came of one question. */
export interface Evaluated extends Score {
  id: string;
  topic: string;
  question: string;
  calls: readonly MadeCall[];
  text: string;
}

/** Puts a question to the agent that has both servers' reading tools, in a conversation of its own. */
export async function askQuestion(
  question: Question,
  values: AgentValues,
  signal: AbortSignal,
): Promise<Evaluated> {
  const session = openSession(supportAgent(values), values);
  const calls: MadeCall[] = [];
  const answer = await session
    .ask(question.question, {
      signal,
      onEntry: (entry) => {
        if (entry.type === "tool_call") calls.push(madeCall(entry.tool, entry.arguments));
      },
    })
    .catch((error: unknown) => {
      // One question that a server fails on is a wrong answer; a server that is not there ends the run.
      if (!(error instanceof AppError) || error.fault !== "upstream_invalid") throw error;
      return { text: `(${error.message})` };
    });
  return evaluated(question, calls, answer.text);
}

/** Has every claim decided by the claims service and its agent, in order: some have to do with those before them. */
export async function* decideClaims(
  claimsApi: string,
  { wanted, signal }: { wanted: (question: Question) => boolean; signal: AbortSignal },
): AsyncGenerator<Evaluated> {
  const api = `${claimsApi}/api/v1/claims`;
  for (const claim of claimQuestions().filter(wanted)) {
    const { claims } = await getJson(`${api}?search=${claim.number}`, { signal });
    const id = String(Object(rowsOf(claims)[0]).id);
    const done = await getJson(`${api}/${id}/process?wait=true`, { method: "POST", signal });
    const runId = String(done.run_id);
    const { logs } = await getJson(`${api}/${id}/logs?run_id=${runId}`, { signal });
    const decision = await getJson(`${api}/${id}/decision?run_id=${runId}`, { signal }).catch(
      () => ({}),
    );
    const names = { [id]: "<claim_id>", [runId]: "<run_id>" };
    const calls = rowsOf(logs)
      // The service reads the document itself, whatever the model does.
      .filter(({ step_name: step }) => step !== "ocr_document")
      .map((log) => madeCall(String(log.step_name), renamed(Object(log.input_data), names)));
    yield evaluated(claim, calls, decisionWords(decision));
  }
}

function evaluated(
  { id, topic, question, ...rest }: Question,
  calls: readonly MadeCall[],
  text: string,
): Evaluated {
  const score = scoreOf({ id, topic, question, ...rest }, calls, text);
  return { id, topic, question, ...score, calls, text };
}

function decisionWords(decision: Record<string, unknown>): string {
  const rules = rowsOf(decision.rule_hits).map(({ code }) => `rule ${code}`);
  return [
    `decision ${decision.initial_decision ?? "none"}`,
    `payable ${decision.payable_amount ?? "nothing"}`,
    ...rules,
  ].join(", ");
}

function madeCall(tool: string, args: Readonly<Record<string, unknown>>): MadeCall {
  return { tool, arguments: args };
}

function renamed(
  args: Record<string, unknown>,
  names: Readonly<Record<string, string>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, names[String(value)] ?? value]),
  );
}

async function getJson(url: string, init: RequestInit): Promise<Record<string, unknown>> {
  const response = await fetch(url, init).catch((cause: unknown) => {
    throw new AppError("unavailable", `Cannot reach ${url}: nobody answers there`, { cause });
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return Object(body);
  const said = JSON.stringify(body);
  throw new AppError("upstream_invalid", `Cannot use ${url}: HTTP ${response.status} ${said}`);
}

function rowsOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(Object) : [];
}
