import { LiveBody, streamHeaders } from "../wire/stream.ts";
import type { Hosted } from "./hosted.ts";

/** How many earlier events and how many earlier calls of each server come first. */
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
  const earlier = servers.flatMap(({ name, events, calls }) =>
    [...events.last(earlierCount), ...calls.last(earlierCount)].map((event) => ({ name, event })),
  );
  earlier.sort((one, other) => one.event.at.localeCompare(other.event.at));
  for (const { name, event } of earlier) write(name, event);
  const unfollows = servers.map(({ name, events }) => events.follow((event) => write(name, event)));
  const timer = setInterval(() => live.keepAlive(performance.now()), keepAliveMs);
  stop = () => {
    for (const unfollow of unfollows) unfollow();
    clearInterval(timer);
  };
  return new Response(live.body, { headers: streamHeaders });
}
