import * as z from "zod";
import { Instant } from "../claim-schema.ts";
import { filledText, storableText } from "../input.ts";
import { statuses } from "../words.ts";

/** The longest comment, chat message or question, in UTF-16 units. */
export const messageLimit = 4_000;
const nameLimit = 255;
const id = z.string().meta({ format: "uuid" });

/** What a reviewer can do; `deny` is another word for `reject`. */
export const actionWords = [
  "approve",
  "reject",
  "deny",
  "request_info",
  "provide_info",
  "comment",
] as const;
export type Action = Exclude<(typeof actionWords)[number], "deny">;

/** Who reviews. */
export const Reviewer = z.object({
  reviewer_id: filledText(nameLimit),
  reviewer_name: filledText(nameLimit),
});
export type Reviewer = z.output<typeof Reviewer>;

const action = z
  .enum(actionWords, `must be one of ${actionWords.join(", ")}`)
  .transform((word): Action => (word === "deny" ? "reject" : word));

export const ActionRequest = z
  .object({
    action,
    comment: storableText(messageLimit).default(""),
    ...Reviewer.shape,
    expected_version: z.int().min(1).optional(),
  })
  .meta({ id: "ActionRequest" });
export type ActionRequest = z.output<typeof ActionRequest>;

export const ActionDone = z
  .object({
    success: z.literal(true),
    claim_id: id,
    action: z.string(),
    new_status: z.enum(statuses),
  })
  .meta({ id: "ActionDone" });

export const Question = z
  .object({ question: filledText(messageLimit), ...Reviewer.shape })
  .meta({ id: "Question" });

export const Answer = z
  .object({
    success: z.literal(true),
    claim_id: id,
    question: z.string(),
    answer: z.string(),
    timestamp: Instant,
  })
  .meta({ id: "Answer" });

export const Message = z
  .object({
    type: z.string(),
    timestamp: Instant,
    reviewer_id: z.string(),
    reviewer_name: z.string(),
    message: z.string(),
    answer: z.string().optional(),
  })
  .meta({ id: "Message" });

export const Messages = z.object({
  claim_id: id,
  messages: z.array(Message),
  total: z.number().int(),
});

export const ActiveSessions = z
  .object({
    active_sessions: z.array(
      z.object({
        claim_id: id,
        reviewer_count: z.number().int(),
        reviewers: z.array(
          z.object({ reviewer_id: z.string(), reviewer_name: z.string(), joined_at: Instant }),
        ),
      }),
    ),
    total: z.number().int(),
  })
  .meta({ id: "ActiveSessions" });

/** What a client says on a review room's WebSocket. */
export const ClientMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("chat"), message: filledText(messageLimit) }),
  z.object({
    type: z.literal("action"),
    action,
    comment: storableText(messageLimit).default(""),
    expected_version: z.int().min(1).optional(),
  }),
  z.object({ type: z.literal("ping") }),
]);
