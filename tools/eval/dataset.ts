import { join } from "node:path";
import * as z from "zod";
import { type LabelledClaim, labelledClaims } from "../../tests/decisionClaims.ts";

/** A tool call that is expected. */
export const ExpectedCall = z.strictObject({
  tool: z.string(),
  /** The arguments that it has to have; those that say what the tool assumes anyway may be left out or given. */
  arguments: z.record(z.string(), z.unknown()),
  /** Arguments that may say anything. */
  free: z.array(z.string()).default([]),
});
export type ExpectedCall = z.output<typeof ExpectedCall>;

/** One text of the answer, or several of which one will do. */
const Fact = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/** One entry of the dataset. */
export const Question = z.strictObject({
  id: z.string(),
  topic: z.string(),
  question: z.string(),
  /** The ways to the answer that are right, each a list of calls in order. */
  plans: z.array(z.array(ExpectedCall)).min(1),
  /** What the answer has to say. */
  facts: z.array(Fact).min(1),
  /** What it must not say: what belongs to others, or was not asked for. */
  never: z.array(z.string().min(1)).default([]),
});
export type Question = z.output<typeof Question>;

/** Reads the questions about customers and finance, one JSON object a line. */
export async function readQuestions(
  file: string = join(import.meta.dir, "questions.jsonl"),
): Promise<Question[]> {
  const lines = (await Bun.file(file).text()).split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => Question.parse(JSON.parse(line)));
}

/** The labelled claims as entries: what the model has to call, and what has to be decided in the end. */
export function claimQuestions(): (Question & { number: string })[] {
  return labelledClaims.map((claim) => ({
    id: claim.number,
    number: claim.number,
    topic: "claims",
    question: `Decide claim ${claim.number}`,
    plans: claimPlans(claim),
    facts: claimFacts(claim),
    never: [],
  }));
}

/** The knowledge base may be asked or not; everything else has to be looked up. */
function claimPlans({ facts: { claim } }: LabelledClaim): ExpectedCall[][] {
  const user = { tool: "retrieve_user_info", arguments: { user_id: claim.user_id } };
  const before = [
    { ...user, free: ["query", "include_contracts"] },
    { tool: "retrieve_similar_claims", arguments: {}, free: anything },
  ];
  const knowledge = { tool: "search_knowledge_base", arguments: {}, free: anything };
  const decision = {
    tool: "make_final_decision",
    // Ids of the claim and of the run differ from one database to the next; they are shown by these names.
    arguments: { claim_id: "<claim_id>", user_id: claim.user_id, run_id: "<run_id>" },
    free: anything,
  };
  return [
    [...before, knowledge, decision],
    [...before, decision],
  ];
}

/** Stands for every argument that is not named. */
const anything: string[] = ["*"];

function claimFacts({ number, outcome, payable, hits }: LabelledClaim): string[] {
  // The labels name no amount for most reviews; see the bench of the claims.
  const isAmountLabelled = outcome !== "manual_review" || number === "CLM-2025-0006";
  return [
    `decision ${outcome}`,
    ...(isAmountLabelled ? [`payable ${payable ?? "nothing"}`] : []),
    ...hits.map((code) => `rule ${code}`),
  ];
}
