import { defineOperation, jsonAnswer, type Operation } from "../operation.ts";
import { getClaim, shownStatus } from "./claims.ts";
import type { ClaimsContext } from "./context.ts";
import {
  answered,
  bodyRefusals,
  claimParams,
  claimRefusals,
  commonRefusals,
  refused,
} from "./documented.ts";
import { readId } from "./input.ts";
import { takeAction } from "./review/actions.ts";
import { askAgent } from "./review/ask.ts";
import { listMessages, printMessage } from "./review/messages.ts";
import { listSessions } from "./review/presence.ts";
import {
  ActionDone,
  ActionRequest,
  ActiveSessions,
  Answer,
  Messages,
  Question,
} from "./review/review-schema.ts";

const reviewer = { reviewer_id: "rev-1", reviewer_name: "Helen Marsh" };

/** The endpoints of the review by people. */
export function reviewOperations(context: ClaimsContext): Operation[] {
  const { database, settings } = context;
  const path = `${settings.prefix}/review`;
  const common = { tag: "Review" };
  const single = { ...common, params: claimParams };
  return [
    defineOperation({
      ...common,
      method: "GET",
      path: `${path}/active`,
      summary: "List who reviews what now",
      answers: {
        ...answered(200, "The rooms with people in them", ActiveSessions),
        ...commonRefusals,
      },
      async answer() {
        const sessions = await listSessions(context);
        return jsonAnswer(200, { active_sessions: sessions, total: sessions.length });
      },
    }),
    defineOperation({
      ...single,
      method: "POST",
      path: `${path}/:claimId/action`,
      summary: "Approve, reject, ask for information, note that it came, or comment",
      body: ActionRequest,
      bodyExample: { action: "approve", comment: "Invoice checked by phone", ...reviewer },
      answers: {
        ...answered(200, "Done", ActionDone),
        ...claimRefusals,
        ...refused(409, "Cannot approve: the claim's status is pending"),
        ...bodyRefusals,
      },
      async answer({ params, body }) {
        const claimId = readId(params.claimId, "claim_id");
        const claim = await takeAction(database, claimId, body);
        const new_status = shownStatus(claim, settings.isDenyShownAsFailed);
        return jsonAnswer(200, {
          success: true,
          claim_id: claimId,
          action: body.action,
          new_status,
        });
      },
    }),
    defineOperation({
      ...single,
      method: "POST",
      path: `${path}/:claimId/ask-agent`,
      summary: "Ask the agent about a claim",
      body: Question,
      bodyExample: { question: "Which rule speaks against approval?", ...reviewer },
      answers: {
        ...answered(200, "The answer", Answer),
        ...refused(400, "Cannot ask the agent: the claim's status is pending"),
        ...claimRefusals,
        ...bodyRefusals,
      },
      async answer({ request, params, body }) {
        const claimId = readId(params.claimId, "claim_id");
        const { question, ...asking } = body;
        const { signal } = request;
        const said = await askAgent(context, claimId, { question, reviewer: asking, signal });
        return jsonAnswer(200, {
          success: true,
          claim_id: claimId,
          question,
          answer: said.answer,
          timestamp: said.createdAt,
        });
      },
    }),
    defineOperation({
      ...single,
      method: "GET",
      path: `${path}/:claimId/messages`,
      summary: "List what was said and done in the review of a claim",
      answers: { ...answered(200, "Oldest first", Messages), ...claimRefusals },
      async answer({ params }) {
        const { id } = await getClaim(database, readId(params.claimId, "claim_id"));
        const messages = (await listMessages(database, id)).map(printMessage);
        return jsonAnswer(200, { claim_id: id, messages, total: messages.length });
      },
    }),
  ];
}
