import { useEffect, useState } from "react";
import { follow, type StreamEvent } from "../ui/events.ts";
import { claimPath } from "./service.ts";

/** One line of a claim's timeline: a step of a run with its beginning and end, or something that happened. */
export interface Entry {
  key: string;
  runId: string | null;
  at: string;
  kind: "step" | "run.started" | "run.completed" | "run.failed" | "proposed" | "status";
  state?: "running" | "completed" | "failed";
  name?: string;
  agent?: string;
  durationMs?: number;
  arguments?: Record<string, unknown>;
  output?: Record<string, unknown> | null;
  error?: string | null;
  /** How far its run was when the step had ended, in percent. */
  progress?: number;
  /** The decision or status that the line is about. */
  word?: string;
}

export interface Timeline {
  entries: readonly Entry[];
  isLive: boolean;
  /** Rises when the claim, its decision or its runs have changed. */
  revision: number;
}

/** How long events are collected before they are shown, in milliseconds: thousands come at once for an old claim. */
const bundleMs = 60;

/** What has happened to a claim and what happens, from its event stream. */
export function useTimeline(claimId: string): Timeline {
  const [timeline, setTimeline] = useState<Timeline>({ entries: [], isLive: false, revision: 0 });
  useEffect(() => {
    const leaving = new AbortController();
    const log = new EventLog();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      timer = undefined;
      setTimeline((before) => ({ ...before, entries: [...log.entries], revision: log.revision }));
    };
    void follow((lastId) => claimPath(claimId, `/events?last_event_id=${lastId || 0}`), {
      signal: leaving.signal,
      onEvents(events) {
        for (const event of events) log.add(event);
        timer ??= setTimeout(show, bundleMs);
      },
      onState: (isLive) => setTimeline((before) => ({ ...before, isLive })),
    }).catch(() => setTimeline((before) => ({ ...before, isLive: false })));
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, [claimId]);
  return timeline;
}

/** The members of events that are looked at; the service writes no others under these names. */
interface EventData {
  run_id: string | null;
  timestamp: string;
  step_id?: string;
  step_name?: string;
  agent_name?: string;
  arguments?: Record<string, unknown>;
  output?: Record<string, unknown> | null;
  error?: string | null;
  duration_ms?: number;
  progress_percentage?: number | null;
  decision?: string;
  status?: string;
}

class EventLog {
  readonly entries: Entry[] = [];
  revision = 0;
  readonly #open = new Map<string, number>();

  add({ id, type, data }: StreamEvent): void {
    const said: EventData = JSON.parse(data);
    const common = { key: id, runId: said.run_id, at: said.timestamp };
    switch (type) {
      case "step.started":
        this.#open.set(`${said.run_id} ${said.step_id}`, this.entries.length);
        this.entries.push({ ...common, ...stepOf(said), kind: "step", state: "running" });
        return;
      case "step.completed":
      case "step.failed":
        this.#end(said, type === "step.failed" ? "failed" : "completed", common);
        return;
      case "decision.proposed":
        this.entries.push({ ...common, kind: "proposed", word: said.decision ?? "" });
        return;
      case "status.changed":
        this.revision++;
        this.entries.push({ ...common, kind: "status", word: said.status ?? "" });
        return;
      case "stream.restarted":
        // The sample data was loaded: what is shown is of a claim that is gone.
        this.entries.length = 0;
        this.#open.clear();
        this.revision++;
        return;
      case "run.started":
      case "run.completed":
      case "run.failed":
        this.revision++;
        this.entries.push({ ...common, kind: type, error: said.error ?? null });
        return;
      default:
        this.revision++;
    }
  }

  #end(said: EventData, state: "completed" | "failed", common: Omit<Entry, "kind">): void {
    const place = this.#open.get(`${said.run_id} ${said.step_id}`);
    const begun = place === undefined ? undefined : this.entries[place];
    const ended: Entry = {
      ...common,
      ...begun,
      kind: "step",
      name: said.step_name ?? "",
      state,
      durationMs: said.duration_ms ?? 0,
      output: said.output ?? null,
      error: said.error ?? null,
      progress: said.progress_percentage ?? 0,
    };
    if (place === undefined) this.entries.push(ended);
    else this.entries[place] = ended;
  }
}

function stepOf(said: EventData) {
  return {
    name: said.step_name ?? "",
    agent: said.agent_name ?? "",
    arguments: said.arguments ?? {},
  };
}

/** What the newest run of a step has answered. */
export function lastOutput(
  entries: readonly Entry[],
  name: string,
): Record<string, unknown> | undefined {
  const step = entries.findLast((entry) => entry.name === name && entry.state === "completed");
  return step?.output ?? undefined;
}
