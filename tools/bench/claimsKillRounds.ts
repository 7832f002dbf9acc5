import { SQL } from "bun";
import { followEvents, replayEvents } from "../../tests/claimsIntact.ts";
import {
  compareResults,
  findProblems,
  type Records,
  type Results,
  readRecords,
  readResults,
} from "./claimsRecords.ts";
import { skipSilence, type Victim, type Victims, victims } from "./claimsVictims.ts";

/** How many claims are processed at once in each round. */
const claimCount = 15;
/** How many claims' events are followed while things are killed. */
const followedCount = 8;
/** How long everything may take to come to rest after a kill, in milliseconds. */
const restLimitMs = 120_000;
/** With every fifth kill, the ten seconds until the dead are noticed are waited for. */
const waitingTurn = 5;

/** What one kill did. */
export interface KillRound {
  victim: Victim;
  /** How many runs were under way when it came. */
  liveRuns: number;
  /** How many runs another worker finished. */
  takenOver: number;
  /** Runs whose result is another than in a quiet round, with both. */
  differing: string[];
  /** Events that followers had been sent before the kill, and found again after it. */
  replayed: number;
  /** What should not be there; empty when all is well. */
  broken: string[];
  /** From the kill until nothing was under way, in milliseconds. */
  restMs: number;
}

/** Kills something in the middle of runs, round after round, and looks at what is left. */
export async function runKillRounds(
  parts: Victims,
  count: number,
  onRound: (round: KillRound) => void = () => undefined,
): Promise<KillRound[]> {
  const campaign = await Campaign.begin(parts);
  const rounds: KillRound[] = [];
  for (let turn = 0; turn < count; turn++) {
    const round = await campaign.play(turn);
    rounds.push(round);
    onRound(round);
  }
  return rounds;
}

interface Follower {
  id: string;
  after: string;
  frames: string[];
  stop(): Promise<void>;
}

class Campaign {
  readonly #parts: Victims;
  readonly #ids: readonly string[];
  #expected: Results = new Map();
  #kept: Records = new Map();

  private constructor(parts: Victims, ids: readonly string[]) {
    this.#parts = parts;
    this.#ids = ids;
  }

  static async begin(parts: Victims): Promise<Campaign> {
    const { claims } = Object(
      await (await fetch(`${parts.urls[0]}/api/v1/claims?page_size=${claimCount}`)).json(),
    );
    const campaign = new Campaign(
      parts,
      claims.map(({ id }: { id: string }) => id),
    );
    // The first round reads every document, so that duplicates are known; the second is what results should be.
    for (let quiet = 0; quiet < 2; quiet++) await campaign.#playQuietly();
    return campaign;
  }

  async #playQuietly(): Promise<void> {
    await this.#startRuns();
    await this.#withSql(untilRest);
    await this.#withSql(async (sql) => {
      this.#expected = await readResults(sql, this.#kept);
      this.#kept = await readRecords(sql);
    });
  }

  async play(turn: number): Promise<KillRound> {
    const victim = victims[turn % victims.length] ?? "replica";
    const followers = await this.#follow(turn);
    const starting = this.#startRuns();
    // One kill in five comes while runs are still being asked for.
    if (Math.random() > 0.2) await starting;
    const liveRuns = await this.#withSql(untilRandomPoint);
    const beganMs = performance.now();
    await this.#parts.kill(victim, Math.floor(turn / victims.length));
    const promised = await starting;
    const outcome = await this.#withSql(async (sql) => {
      const isWaiting = turn % waitingTurn === waitingTurn - 1;
      if (/replica/.test(victim) && !isWaiting) await skipSilence(sql);
      await untilRest(sql);
      const restMs = performance.now() - beganMs;
      const broken = await findProblems(sql, this.#kept, promised);
      const compared = await compareResults(sql, this.#kept, this.#expected);
      this.#kept = await readRecords(sql);
      return { restMs, broken, ...compared };
    });
    const replayed = await this.#replay(followers, outcome.broken);
    return { victim, liveRuns, replayed, ...outcome };
  }

  async #follow(turn: number): Promise<Follower[]> {
    const rows = await this.#withSql(
      (sql) => sql`select claim_id, epoch || ':' || last_number as last_id from claim_streams`,
    );
    const url = this.#parts.urls[turn % 2] ?? this.#parts.urls[0];
    return this.#ids.slice(0, followedCount).map((id) => {
      const after = rows.find((row: { claim_id: string }) => row.claim_id === id)?.last_id ?? "";
      return { id, after, ...followEvents(url, id, after) };
    });
  }

  /** How many events were there again; what was not is added to `broken`. */
  async #replay(followers: readonly Follower[], broken: string[]): Promise<number> {
    let count = 0;
    for (const { id, after, frames, stop } of followers) {
      await stop();
      const found = await replayEvents(this.#parts.urls[0], id, after);
      const isSame = frames.every((frame, index) => found[index] === frame);
      if (!isSame) broken.push(`events of ${id} are not those that were sent`);
      count += frames.length;
    }
    return count;
  }

  /** Asks for a run of every claim, half of them at each replica; returns those that were acknowledged. */
  async #startRuns(): Promise<string[]> {
    const asked = this.#ids.map(async (id, index) => {
      const url = `${this.#parts.urls[index % 2]}/api/v1/claims/${id}/process`;
      const response = await fetch(url, { method: "POST" });
      return response.status === 202 ? [String(Object(await response.json()).run_id)] : [];
    });
    const answers = await Promise.allSettled(asked);
    return answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
  }

  async #withSql<Result>(work: (sql: SQL) => Promise<Result>): Promise<Result> {
    const sql = new SQL(this.#parts.databaseUrl, { max: 1 });
    try {
      return await work(sql);
    } finally {
      await sql.close();
    }
  }
}

async function countLive(sql: SQL): Promise<number> {
  const [row] = await sql`select count(*)::int as live from processing_runs
    where state in ('queued', 'running')`;
  return row.live;
}

/** Waits until no more runs are under way than chance says; returns how many. */
async function untilRandomPoint(sql: SQL): Promise<number> {
  // The first of them may not be there yet; all of them may be over already.
  for (let look = 0; look < 200 && (await countLive(sql)) === 0; look++) await Bun.sleep(2);
  const left = Math.ceil(Math.random() * claimCount);
  for (;;) {
    const live = await countLive(sql);
    if (live <= left) return live;
    await Bun.sleep(2);
  }
}

async function untilRest(sql: SQL): Promise<void> {
  const deadline = Date.now() + restLimitMs;
  while ((await countLive(sql)) > 0) {
    // What is stuck is told by the look at what is broken.
    if (Date.now() > deadline) return;
    await Bun.sleep(50);
  }
}
