import { type ClaimsStack, startClaimsStack } from "./claimsStack.ts";
import { describeCircumstances } from "./machine.ts";
import type { BenchOptions } from "./options.ts";
import { printReport, tableOf } from "./report.ts";

/** The promise: how many ask at once, and how long reading a status may take meanwhile, 95 times of 100. */
const requestCount = 200;
const statusGoalMs = 50;
/** How many clients read statuses, one after the other, with this pause in milliseconds. */
const readerCount = 8;
const readPauseMs = 10;
/** What the memory of claims-api may grow by from the first round to the last, in MiB. */
const growthLimitMiB = 64;

type LoadRound = Awaited<ReturnType<typeof playRound>>;

/** 200 requests to process 30 claims at once, and reads of their statuses while the runs go on, round after round. */
export async function benchClaimsLoad(options: BenchOptions): Promise<void> {
  const stack = await startClaimsStack();
  const rounds: LoadRound[] = [];
  try {
    const { claims } = await getJson(`${stack.url}/api/v1/claims?page_size=30`);
    const ids = (Array.isArray(claims) ? claims : []).map((claim) => String(Object(claim).id));
    for (let round = 0; round < options.rounds; round++) rounds.push(await playRound(stack, ids));
  } finally {
    await stack.stop();
  }
  const isJoined = rounds.every((it) => it.runs === 30 && it.doubled === 0 && it.started === 30);
  const worstMs = Math.max(...rounds.map(({ p95Ms }) => p95Ms));
  const memory = rounds.map(({ memoryMiB }) => memoryMiB);
  const growthMiB = (memory.at(-1) ?? 0) - (memory[0] ?? 0);
  const goals = [
    {
      goal: `${requestCount} requests on 30 claims: one run a claim, the rest join it`,
      measured: `${rounds[0]?.started} started, ${rounds[0]?.joined} joined, in every round: ${isJoined}`,
      isMet: isJoined,
    },
    {
      goal: `a status read below ${statusGoalMs} ms, p95 of the worst round`,
      measured: `${worstMs.toFixed(1)} ms`,
      isMet: worstMs < statusGoalMs,
    },
    {
      goal: `memory of claims-api bounded: growth below ${growthLimitMiB} MiB after the first round`,
      measured: `${memory.map((one) => one.toFixed(0)).join(", ")} MiB at its highest in each round`,
      isMet: growthMiB < growthLimitMiB,
    },
  ];
  const circumstances = describeCircumstances("claims-load", "not pinned", {});
  printReport({ circumstances, goals }, [roundTable(rounds)], options.isJson);
  if (goals.some(({ isMet }) => !isMet)) process.exitCode = 1;
}

async function playRound({ url, memoryOf }: ClaimsStack, ids: readonly string[]) {
  const began = performance.now();
  const over = new AbortController();
  const reading = readStatuses(url, ids, over.signal);
  const answers = await Promise.all(
    Array.from({ length: requestCount }, (_, index) =>
      getJson(`${url}/api/v1/claims/${ids[index % ids.length]}/process`, "POST"),
    ),
  );
  let memoryMiB = 0;
  const isBusy = async () =>
    Number((await getJson(`${url}/api/v1/claims?status=processing`)).total) > 0;
  while (await isBusy()) {
    memoryMiB = Math.max(memoryMiB, memoryOf("claims-api"));
    await Bun.sleep(50);
  }
  over.abort();
  const tookMs = performance.now() - began;
  const runs = new Map(answers.map(({ run_id, claim_id }) => [`${run_id}`, `${claim_id}`]));
  const doubled = await Promise.all([...runs].map(([runId, id]) => hasDoubled(url, id, runId)));
  const count = (said: string) => answers.filter(({ message }) => message === said).length;
  return {
    started: count("Processing has started"),
    joined: count("Joined the run of the claim"),
    runs: runs.size,
    doubled: doubled.filter((isDoubled) => isDoubled).length,
    tookMs,
    memoryMiB,
    ...(await reading),
  };
}

/** Clients that read one status after the other until the signal comes, and how long their reads took. */
async function readStatuses(url: string, ids: readonly string[], signal: AbortSignal) {
  const times: number[] = [];
  const readers = Array.from({ length: readerCount }, async (_, reader) => {
    for (let turn = reader; !signal.aborted; turn++) {
      const asked = performance.now();
      await getJson(`${url}/api/v1/claims/${ids[turn % ids.length]}/status`);
      times.push(performance.now() - asked);
      await Bun.sleep(readPauseMs);
    }
  });
  await Promise.all(readers);
  times.sort((one, other) => one - other);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
  const slowestMs = times.at(-1) ?? Number.NaN;
  return { reads: times.length, p50Ms: at(0.5), p95Ms: at(0.95), slowestMs };
}

/** Whether a step of the run stands there twice. */
async function hasDoubled(url: string, claimId: string, runId: string): Promise<boolean> {
  const { steps } = await getJson(`${url}/api/v1/claims/${claimId}/runs/${runId}`);
  const names = (Array.isArray(steps) ? steps : []).map((step) => String(Object(step).step_name));
  return new Set(names).size !== names.length;
}

async function getJson(url: string, method = "GET"): Promise<Record<string, unknown>> {
  const response = await fetch(url, { method });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return Object(await response.json());
}

function roundTable(rounds: readonly LoadRound[]): string {
  const rows = rounds.map((round, index) => [
    `${index + 1}`,
    `${round.started}`,
    `${round.joined}`,
    `${round.doubled}`,
    `${(round.tookMs / 1000).toFixed(1)} s`,
    `${round.reads}`,
    round.p50Ms.toFixed(1),
    round.p95Ms.toFixed(1),
    round.slowestMs.toFixed(1),
    round.memoryMiB.toFixed(0),
  ]);
  const heads = ["round", "runs started", "joined", "doubled", "took", "status reads"];
  return tableOf([...heads, "p50 ms", "p95 ms", "slowest ms", "claims-api MiB"], rows);
}
