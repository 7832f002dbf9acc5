import type { DatabaseAddress } from "./address.ts";
import { openSession } from "./database.ts";

/** How long closing waits for the connection's end, in seconds. */
const closeLimitSeconds = 2;

/** A subscription to what transactions announce when they commit. */
export interface Notifications {
  close(): Promise<void>;
}

/**
 * Listens on one channel over a connection of its own. When the connection is lost it is made again, and `onConnected`
 * is called each time: what was announced meanwhile is lost, so the caller has to look by itself.
 */
export async function listenTo(
  address: DatabaseAddress,
  channel: string,
  handlers: { onNotification: (payload: string) => void; onConnected: () => void },
): Promise<Notifications> {
  const session = openSession(address, { onNotice: () => undefined });
  await session.listen(channel, handlers.onNotification, handlers.onConnected);
  return { close: () => session.end({ timeout: closeLimitSeconds }) };
}
