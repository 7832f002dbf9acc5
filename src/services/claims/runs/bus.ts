import { type SQL, sql } from "drizzle-orm";
import type { Queries } from "../../../../db/database.ts";
import {
  listenTo,
  type NotificationSource,
  type Notifications,
} from "../../../../db/notifications.ts";

/** The channel on which replicas tell each other that something was stored. */
const channel = "claims_changes";

/** What a committed transaction announces. The content is in the database; a notice is at most 8000 bytes. */
export type Announcement =
  | { kind: "events"; claimId: string }
  | { kind: "review"; claimId: string; messageId: string }
  | {
      kind: "presence";
      claimId: string;
      type: "reviewer_joined" | "reviewer_left";
      reviewerId: string;
      reviewerName: string;
    }
  /** Everything was replaced: whoever follows a claim looks for itself. */
  | { kind: "reset" };

type Listener = (
  announcement: Exclude<Announcement, { kind: "reset" }> | { kind: "missed" },
) => void;

/** Announcements of all replicas, this one included. */
export interface Bus {
  start(source: NotificationSource): Promise<void>;
  /** Hears what is said about one claim, and `missed` after a gap: then the hearer looks for itself. */
  subscribe(claimId: string, listener: Listener): () => void;
  /** Aborted when the process is about to end: whoever streams should end its stream. */
  readonly closing: AbortSignal;
  announceClosing(): void;
  stop(): Promise<void>;
}

export function createBus(): Bus {
  const byClaim = new Map<string, Set<Listener>>();
  const closing = new AbortController();
  let notifications: Notifications | undefined;
  const tell = (listeners: Iterable<Listener>, announcement: Parameters<Listener>[0]) => {
    for (const listener of [...listeners]) listener(announcement);
  };
  const tellAll = () => {
    for (const listeners of byClaim.values()) tell(listeners, { kind: "missed" });
  };
  return {
    closing: closing.signal,
    async start(source) {
      notifications = await listenTo(source, channel, {
        onNotification(payload) {
          // Written by `announce` below and by nobody else.
          const announcement = JSON.parse(payload) as Announcement;
          if (announcement.kind === "reset") tellAll();
          else tell(byClaim.get(announcement.claimId) ?? [], announcement);
        },
        onConnected: tellAll,
      });
    },
    subscribe(claimId, listener) {
      const listeners = byClaim.get(claimId) ?? new Set();
      byClaim.set(claimId, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && byClaim.get(claimId) === listeners) byClaim.delete(claimId);
      };
    },
    announceClosing: () => closing.abort(),
    async stop() {
      await notifications?.close();
    },
  };
}

/** Part of a transaction: says it to all replicas when, and only when, the transaction commits. */
export async function announce(queries: Queries, announcement: Announcement): Promise<void> {
  await queries.execute(noticeOf(announcement));
}

function noticeOf(announcement: Announcement): SQL {
  return sql`select pg_notify(${channel}, ${JSON.stringify(announcement)})`;
}
