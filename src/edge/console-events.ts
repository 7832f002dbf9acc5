import { LiveBody, streamHeaders } from "../wire/stream.ts";
import type { Hosted } from "./hosted.ts";

/** How many earlier events of each server come first. */
const earlierCount = 100;
/** How often a silent stream gets a comment, in milliseconds. */
const keepAliveMs = 7_000;

/** Follows the events of several servers on one connection: browsers open few at a time to one address. */
export function streamAll(servers: readonly Hosted[]): Response {
  let stop = (): void => undefined;
  const live = new LiveBody(() => stop());
  const write = (server: string, event: object): void => {
    live.write(`data: ${JSON.stringify({ server, ...event })}\n\n`);
    if (!live.isOpen) stop();
  };
  for (const { name, events } of servers) {
    for (const event of events.last(earlierCount)) write(name, event);
  }
  const unfollows = servers.map(({ name, events }) => events.follow((event) => write(name, event)));
  const timer = setInterval(() => live.keepAlive(performance.now()), keepAliveMs);
  stop = () => {
    for (const unfollow of unfollows) unfollow();
    clearInterval(timer);
  };
  return new Response(live.body, { headers: streamHeaders });
}
