import type { ServerWebSocket } from "bun";
import { describeFailure } from "../../failure-log.ts";
import { type ClaimRow, getClaim } from "../claims.ts";
import type { ClaimsContext } from "../context.ts";
import type { Announcement } from "../runs/bus.ts";
import { type ClaimEvent, endOfEvents, listEvents, type Position } from "../runs/events.ts";
import { findMessage, printMessage } from "./messages.ts";
import type { Presence } from "./presence.ts";

export type Socket = ServerWebSocket<Presence>;

/** What clients of a room hear, with an ISO timestamp each. */
type ServerMessage = { type: string; timestamp?: Date | string } & Record<string, unknown>;

export function send(socket: Socket, message: ServerMessage): void {
  socket.send(JSON.stringify({ timestamp: new Date().toISOString(), ...message }));
}

/** The sockets of one claim on this replica; what is announced anywhere is passed on to them in its order. */
export interface Room {
  sockets: Set<Socket>;
  /** Newcomers who have not been greeted yet, with what they are told after it. */
  held: Map<Socket, ServerMessage[]>;
  close(): void;
}

export function openRoom(context: ClaimsContext, claimId: string): Room {
  const sockets = new Set<Socket>();
  const held: Room["held"] = new Map();
  let last: Position | undefined;
  // One announcement after the other: reading what it is about takes time, and order matters.
  let pending: Promise<void> = endOfEvents(context.database, claimId).then(
    (position) => {
      last = position;
    },
    () => undefined,
  );
  const broadcast = (message: ServerMessage) => {
    const stamped = { timestamp: new Date().toISOString(), ...message };
    for (const socket of sockets) {
      const waiting = held.get(socket);
      if (waiting) waiting.push(stamped);
      else send(socket, stamped);
    }
  };
  const hear = async (announcement: Announcement | { kind: "missed" }) => {
    if (announcement.kind === "presence") {
      const { type, reviewerId, reviewerName } = announcement;
      broadcast({ type, claim_id: claimId, reviewer_id: reviewerId, reviewer_name: reviewerName });
    } else if (announcement.kind === "review") {
      const row = await findMessage(context.database, claimId, announcement.messageId);
      if (row) broadcast(wordsOf(claimId, printMessage(row)));
    } else {
      const page = await listEvents(context.database, { claimId, after: last });
      last = page.position;
      // The claim is another one under the same id, and nothing need have happened to it yet.
      if (page.isRestarted) broadcast(updateOf(await getClaim(context.database, claimId)));
      for (const event of page.events) {
        for (const message of newsOf(claimId, event)) broadcast(message);
      }
    }
  };
  const unsubscribe = context.bus.subscribe(claimId, (announcement) => {
    pending = pending
      .then(() => hear(announcement))
      .catch((error: unknown) => {
        context.log.warn({ failure: describeFailure(error) }, "cannot pass an announcement on");
      });
  });
  return { sockets, held, close: unsubscribe };
}

/** A stored message as the room hears it. */
function wordsOf(claimId: string, message: ReturnType<typeof printMessage>): ServerMessage {
  const { type, message: text, ...rest } = message;
  if (type === "chat") return { ...rest, type: "chat_message", claim_id: claimId, message: text };
  if (type === "qa_exchange") {
    return { ...rest, type, claim_id: claimId, question: text, message: text };
  }
  return { ...rest, type: "action_taken", claim_id: claimId, action: type, comment: text };
}

function updateOf({ id, status, outcome }: Pick<ClaimRow, "id" | "status" | "outcome">) {
  return { type: "claim_updated", claim_id: id, status, outcome };
}

/** Of a claim's events the room hears those that change its status. */
function newsOf(claimId: string, { type, data }: ClaimEvent): ServerMessage[] {
  if (type !== "status.changed") return [];
  const { status, outcome } = data;
  const updated = { type: "claim_updated", claim_id: claimId, status, outcome };
  const isForPerson = status === "manual_review";
  return isForPerson ? [updated, { type: "manual_review_required", claim_id: claimId }] : [updated];
}
