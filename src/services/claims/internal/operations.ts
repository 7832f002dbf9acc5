import * as z from "zod";
import { defineOperation, jsonAnswer, type Operation } from "../../operation.ts";
import { getClaim } from "../claims.ts";
import type { ClaimsContext } from "../context.ts";
import { internalGuard } from "../guards.ts";
import { queryNumber, readId, storableText, uuidText } from "../input.ts";
import { getRun } from "../runs/read.ts";
import { DecisionRecord } from "./decision-schema.ts";
import { readFacts } from "./facts.ts";
import { printRecorded, recordDecision } from "./record-decision.ts";
import { listChanges, syncKinds } from "./sync.ts";
import { untilDocumentStored } from "./until-stored.ts";

const SyncQuery = z.object({
  after: storableText(80).optional(),
  limit: queryNumber({ least: 1, most: 500, preset: 100 }),
});

/** What the MCP servers ask and tell, behind a token of their own; docs/claims-internal.md is the contract. */
export function internalOperations(context: ClaimsContext): Operation[] {
  const { database, settings } = context;
  const path = `${settings.prefix}/internal`;
  const guard = internalGuard(settings);
  const common = { tag: "Internal", isInternal: true, answers: {}, guard };
  const params = { claimId: "The claim's id." };
  return [
    ...syncKinds.map((kind) =>
      defineOperation({
        ...common,
        method: "GET",
        path: `${path}/sync/${kind}`,
        summary: `List changed ${kind}`,
        query: SyncQuery,
        async answer({ query }) {
          const { after, limit } = query;
          return jsonAnswer(200, await listChanges(database, kind, { after, limit }));
        },
      }),
    ),
    defineOperation({
      ...common,
      method: "GET",
      path: `${path}/claims/:claimId/facts`,
      summary: "Get what the decision rules know of a claim",
      params,
      query: z.object({ run_id: uuidText.optional() }),
      async answer({ params: { claimId }, query: { run_id: runId } }) {
        const claim = await getClaim(database, readId(claimId, "claim_id"));
        if (runId !== undefined) {
          await untilDocumentStored(context, await getRun(database, claim.id, runId));
        }
        return jsonAnswer(200, await readFacts(database, claim));
      },
    }),
    defineOperation({
      ...common,
      method: "POST",
      path: `${path}/claims/:claimId/decisions`,
      summary: "Record the decision of a run",
      params,
      body: DecisionRecord,
      async answer({ params: { claimId }, body }) {
        const recorded = await recordDecision(context, readId(claimId, "claim_id"), body);
        return jsonAnswer(recorded.isNew ? 201 : 200, printRecorded(recorded.decision));
      },
    }),
  ];
}
