import { useEffect, useState } from "react";
import { follow } from "../ui/events.ts";
import type { ServerEvent } from "./berth.ts";

/** The most events that are kept, of all servers together. */
const keptCount = 2_000;
/** How long events are collected before they are shown, in milliseconds. */
const bundleMs = 100;

/** What happens in the servers, oldest first, and whether the connection is there. */
export function useEvents(isAllowed: boolean): { events: readonly ServerEvent[]; isLive: boolean } {
  const [events, setEvents] = useState<readonly ServerEvent[]>([]);
  const [isLive, setLive] = useState(false);
  useEffect(() => {
    if (!isAllowed) return;
    const leaving = new AbortController();
    let place = 0;
    let fresh: ServerEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      const added = fresh;
      fresh = [];
      timer = undefined;
      setEvents((before) => [...before, ...added].slice(-keptCount));
    };
    void follow(() => "console/events", {
      signal: leaving.signal,
      onEvents(heard) {
        for (const { data } of heard) fresh.push({ ...JSON.parse(data), place: place++ });
        timer ??= setTimeout(show, bundleMs);
      },
      onState(live) {
        // Every connection begins with the earlier events again.
        if (live) setEvents([]);
        setLive(live);
      },
    }).catch(() => setLive(false));
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, [isAllowed]);
  return { events, isLive };
}
