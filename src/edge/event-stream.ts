import { LiveBody, streamHeaders } from "../wire/stream.ts";
import type { EventRing } from "./event-ring.ts";

/** How often a silent stream gets a comment, in milliseconds. */
const keepAliveMs = 7_000;

/** Follows the events of one server: the last `count` first, then each as it comes. */
export function streamEvents(ring: EventRing, count: number, isFollowing: boolean): Response {
  let stop = (): void => undefined;
  const live = new LiveBody(() => stop());
  const write = (event: object): void => live.write(`data: ${JSON.stringify(event)}\n\n`);
  for (const event of ring.last(count)) write(event);
  if (isFollowing) {
    const unfollow = ring.follow((event) => {
      write(event);
      if (!live.isOpen) stop();
    });
    const timer = setInterval(() => live.keepAlive(performance.now()), keepAliveMs);
    stop = () => {
      unfollow();
      clearInterval(timer);
    };
  } else live.close();
  return new Response(live.body, { headers: streamHeaders });
}
