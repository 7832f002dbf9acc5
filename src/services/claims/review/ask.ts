import { eq } from "drizzle-orm";
import { claimDocuments } from "../../../../db/claims/tables/claims.ts";
import { userContracts, users } from "../../../../db/claims/tables/people.ts";
import type { ReviewQuestion } from "../../../agent/port.ts";
import { type ClaimRow, getClaim } from "../claims.ts";
import type { ClaimsContext } from "../context.ts";
import { NotNow } from "../failure.ts";
import { contractFacts } from "../internal/facts.ts";
import { findDecision, listSteps, printDecision, printStep } from "../runs/read.ts";
import { addMessage, listMessages, type MessageRow } from "./messages.ts";
import type { Reviewer } from "./review-schema.ts";

/** How long an answer may take, in milliseconds; models are slow. */
const answerLimitMs = 300_000;
/** How many earlier questions go along. */
const earlierCount = 20;

/**
 * Asks the agent about a claim that waits for a person, and keeps question and answer.
 * @throws AppError `not_found`, or `NotNow` when no person is asked about the claim.
 */
export async function askAgent(
  context: ClaimsContext,
  claimId: string,
  { question, reviewer, signal }: { question: string; reviewer: Reviewer; signal: AbortSignal },
): Promise<MessageRow> {
  const { database, agent, bus } = context;
  const claim = await getClaim(database, claimId);
  if (claim.status !== "manual_review" && claim.status !== "pending_info") {
    throw new NotNow(`Cannot ask the agent: the claim's status is ${claim.status}`);
  }
  const asked = await questionOf(context, claim, question);
  const limit = AbortSignal.any([signal, bus.closing, AbortSignal.timeout(answerLimitMs)]);
  const answer = await agent.answer(asked, { signal: limit });
  return database.transaction((queries) =>
    addMessage(queries, claimId, { type: "qa_exchange", reviewer, message: question, answer }),
  );
}

async function questionOf(
  { database }: ClaimsContext,
  claim: ClaimRow,
  question: string,
): Promise<ReviewQuestion> {
  const { queries, run } = database;
  const [[user], [document], contracts, decision, messages] = await Promise.all([
    run(() => queries.select().from(users).where(eq(users.userId, claim.userId))),
    run(() => queries.select().from(claimDocuments).where(eq(claimDocuments.claimId, claim.id))),
    run(() => queries.select().from(userContracts).where(eq(userContracts.userId, claim.userId))),
    run(() => findDecision(queries, claim.id)),
    listMessages(database, claim.id),
  ]);
  const steps = decision ? await listSteps(database, claim.id, decision.runId) : [];
  const earlier = messages.filter(({ type }) => type === "qa_exchange").slice(-earlierCount);
  return {
    claimId: claim.id,
    userId: claim.userId,
    userName: user?.fullName ?? null,
    question,
    context: {
      documentText: document?.rawOcrText ?? null,
      // Stored from an object, by name.
      documentFields: (document?.structuredData ?? {}) as Record<string, unknown>,
      contracts: contracts.map((row) => ({
        ...contractFacts(row),
        full_text: row.fullText,
        key_terms: row.keyTerms,
      })),
      decision: decision ? printDecision(decision) : null,
      steps: steps.map(printStep),
      earlier: earlier.map(({ message, answer }) => ({ question: message, answer: answer ?? "" })),
    },
  };
}
