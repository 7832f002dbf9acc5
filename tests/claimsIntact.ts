import type { SQL } from "bun";

/** Follows a claim's events after an id until the connection breaks; what has come was promised. */
export function followEvents(
  url: string,
  id: string,
  after = "",
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

/** What the stream of a claim holds now after an id. */
export async function replayEvents(url: string, id: string, after = ""): Promise<string[]> {
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
    after: string;
    signal: AbortSignal;
    take(frames: readonly string[]): void;
    onAlive?(): void;
  },
): Promise<void> {
  const headers = { "last-event-id": reading.after };
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
  const runs = await countByRun(sql);
  return {
    liveRuns: await count(sql`select id from processing_runs where state in ('queued', 'running')`),
    processing: await count(sql`select id from claims where status = 'processing'`),
    openSteps: await count(sql`select id from processing_logs where status = 'running'`),
    doubledSteps: await count(sql`select run_id from processing_logs where status = 'completed'
      group by run_id, attempt, step_name having count(*) > 1`),
    stepsUnlikeEvents: runs.filter((run) => run.steps !== run.started || run.steps !== run.ended)
      .length,
    runsWithoutEnd: runs.filter((run) => run.over !== 1).length,
    decisionsUnlikeEvents: runs.filter((run) => run.decisions !== run.decided).length,
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

interface RunCounts {
  steps: number;
  decisions: number;
  /** Events that tell of steps that began and that ended, of decisions, and of the run's end. */
  started: number;
  ended: number;
  decided: number;
  over: number;
}

/** What is stored of each run, counted in one pass: after many rounds there is much of it. */
async function countByRun(sql: SQL): Promise<RunCounts[]> {
  return await sql`with told as (
      select run_id, count(*) filter (where type = 'step.started') as started,
        count(*) filter (where type in ('step.completed', 'step.failed')) as ended,
        count(*) filter (where type = 'decision.recorded') as decided,
        count(*) filter (where type in ('run.completed', 'run.failed')) as over
      from claim_events group by run_id),
    logged as (select run_id, count(*) as steps from processing_logs group by run_id)
    select coalesce(steps, 0)::int as steps, (d.id is not null)::int as decisions,
      coalesce(started, 0)::int as started, coalesce(ended, 0)::int as ended,
      coalesce(decided, 0)::int as decided, coalesce(over, 0)::int as over
    from processing_runs r left join told on told.run_id = r.id left join logged on logged.run_id = r.id
    left join claim_decisions d on d.run_id = r.id where r.origin = 'process'`;
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
