import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import type { DatabaseAddress } from "./address.ts";
import { type Database, openSession } from "./database.ts";

/** How long closing waits for the connection's end, in seconds. */
const closeLimitSeconds = 2;
/** How often it is tried whether the connection still hears, in milliseconds. */
const beatEveryMs = 2_000;
/** How long what was announced may take to be heard, in milliseconds. */
const hearLimitMs = 1_000;

/** A subscription to what transactions announce when they commit. */
export interface Notifications {
  close(): Promise<void>;
}

/** Where announcements come from, and the pool over which it is tried whether they are heard. */
export interface NotificationSource {
  address: DatabaseAddress;
  database: Pick<Database, "queries" | "run">;
}

export interface NotificationHandlers {
  onNotification: (payload: string) => void;
  onConnected: () => void;
}

/**
 * Listens on one channel over a connection of its own. When the connection is lost it is made again, and `onConnected`
 * is called each time: what was announced meanwhile is lost, so the caller has to look by itself. Nobody tells a
 * connection that only listens that its network swallows everything, so it is made to hear something now and then.
 */
export async function listenTo(
  source: NotificationSource,
  channel: string,
  handlers: NotificationHandlers,
): Promise<Notifications> {
  let line: Line | undefined = await openLine(source, channel, handlers);
  const closing = new AbortController();
  const keep = async () => {
    while (await hasPassed(beatEveryMs, closing.signal)) {
      if (line && (await line.hears())) continue;
      await line?.end();
      line = await openLine(source, channel, handlers).catch(() => undefined);
    }
    await line?.end();
  };
  void keep();
  return {
    async close() {
      closing.abort();
      await line?.end();
    },
  };
}

/** One connection that listens. */
interface Line {
  /** False when something was announced without being heard; true, too, while nothing can be announced. */
  hears(): Promise<boolean>;
  end(): Promise<void>;
}

async function openLine(
  { address, database }: NotificationSource,
  channel: string,
  { onNotification, onConnected }: NotificationHandlers,
): Promise<Line> {
  const session = openSession(address, { onNotice: () => undefined });
  const own = `${channel}_${crypto.randomUUID().replaceAll("-", "")}`;
  let beat = Promise.withResolvers<boolean>();
  const end = () => session.end({ timeout: closeLimitSeconds });
  try {
    await session.listen(channel, onNotification, onConnected);
    await session.listen(own, () => beat.resolve(true));
  } catch (error) {
    await end();
    throw error;
  }
  return {
    async hears() {
      beat = Promise.withResolvers();
      const announced = database.run(() =>
        database.queries.execute(sql`select pg_notify(${own}, '')`),
      );
      const isAnnounced = await announced.then(
        () => true,
        () => false,
      );
      return !isAnnounced || Promise.race([beat.promise, pause(hearLimitMs, false)]);
    },
    end,
  };
}

/** True after the time, false at once when it is over. */
function hasPassed(timeMs: number, over: AbortSignal): Promise<boolean> {
  return pause(timeMs, true, { signal: over }).catch(() => false);
}
