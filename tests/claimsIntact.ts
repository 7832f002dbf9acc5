import type { SQL } from "bun";

/** Follows a claim's events after a number until the connection breaks; what has come was promised. */
export function followEvents(
  url: string,
  id: string,
  after = 0,
): { frames: string[]; stop(): Promise<void> } {
  const frames: string[] = [];
  const stopping = new AbortController();
  const ended = readFrames(url, id, {
    after,
    signal: stopping.signal,
    take: (some) => frames.push(...some),
  }).catch(() => undefined);
  return {
    frames,
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

/** What the stream of a claim holds now after a number. */
export async function replayEvents(url: string, id: string, after = 0): Promise<string[]> {
  const frames: string[] = [];
  const stopping = new AbortController();
  await readFrames(url, id, {
    after,
    signal: stopping.signal,
    take: (some) => frames.push(...some),
    // The stream says that it is alive when everything that is stored has been sent.
    onAlive: () => stopping.abort(),
  }).catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
  return frames;
}

async function readFrames(
  url: string,
  id: string,
  reading: {
    after: number;
    signal: AbortSignal;
    take(frames: readonly string[]): void;
    onAlive?(): void;
  },
): Promise<void> {
  const headers = { "last-event-id": `${reading.after}` };
  const { signal } = reading;
  const response = await fetch(`${url}/api/v1/claims/${id}/events`, { headers, signal });
  if (!response.ok) throw new Error(`the event stream answers ${response.status}`);
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const whole = text.split("\n\n");
    text = whole.pop() ?? "";
    reading.take(whole.filter((frame) => frame.startsWith("id: ")));
    if (whole.includes(": alive")) reading.onAlive?.();
  }
}

/** What must not be there once nothing is under way, whatever was killed. */
export async function findBroken(sql: SQL): Promise<Record<keyof typeof nothingBroken, number>> {
  const count = async (query: Promise<unknown[]>) => (await query).length;
  return {
    liveRuns: await count(sql`select id from processing_runs where state in ('queued', 'running')`),
    processing: await count(sql`select id from claims where status = 'processing'`),
    openSteps: await count(sql`select id from processing_logs where status = 'running'`),
    doubledSteps: await count(sql`select run_id from processing_logs where status = 'completed'
      group by run_id, attempt, step_name having count(*) > 1`),
    stepsUnlikeEvents:
      await count(sql`select r.id from processing_runs r where r.origin = 'process' and (
        (select count(*) from processing_logs l where l.run_id = r.id) <>
        (select count(*) from claim_events e where e.run_id = r.id and e.type = 'step.started')
      or (select count(*) from processing_logs l where l.run_id = r.id) <>
        (select count(*) from claim_events e where e.run_id = r.id and e.type in ('step.completed', 'step.failed')))`),
    runsWithoutEnd: await count(sql`select r.id from processing_runs r where r.origin = 'process'
      and (select count(*) from claim_events e where e.run_id = r.id and e.type in ('run.completed', 'run.failed')) <> 1`),
    decisionsUnlikeEvents:
      await count(sql`select r.id from processing_runs r where r.origin = 'process'
      and (select count(*) from claim_decisions d where d.run_id = r.id) <>
        (select count(*) from claim_events e where e.run_id = r.id and e.type = 'decision.recorded')`),
    decisionsAgainstClaims:
      await count(sql`select c.id from claims c join lateral (select d.* from claim_decisions d
      where d.claim_id = c.id order by d.initial_decided_at desc limit 1) d on true
      join processing_runs r on r.id = d.run_id where r.origin = 'process' and c.status <> 'failed'
      and c.outcome is distinct from nullif(d.initial_decision, 'manual_review')`),
    completedWithoutDecision:
      await count(sql`select r.id from processing_runs r left join claim_decisions d
      on d.run_id = r.id where r.state = 'completed' and d.id is null`),
    gapsInEvents: await count(sql`select claim_id from claim_events group by claim_id
      having count(*) <> max(number) or min(number) <> 1`),
  };
}

export const nothingBroken = {
  liveRuns: 0,
  processing: 0,
  openSteps: 0,
  doubledSteps: 0,
  stepsUnlikeEvents: 0,
  runsWithoutEnd: 0,
  decisionsUnlikeEvents: 0,
  decisionsAgainstClaims: 0,
  completedWithoutDecision: 0,
  gapsInEvents: 0,
};
