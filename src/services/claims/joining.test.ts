import { afterAll, beforeAll, expect, test } from "bun:test";
import { openTestClaims, type TestClaims } from "../../../tests/claims.ts";
import { scriptedAgent } from "../../../tests/scripted-agent.ts";
import type { Agent } from "../../agent/port.ts";

// An agent that waits for the test's word, so that no run can end while requests still come in.

const released = Promise.withResolvers<void>();

function heldAgent(url: () => string): Agent {
  const agent = scriptedAgent(url);
  return {
    ...agent,
    async *run(task, context) {
      await released.promise;
      yield* agent.run(task, context);
    },
  };
}

let claims: TestClaims;
beforeAll(async () => {
  claims = await openTestClaims({}, heldAgent);
}, 60_000);
afterAll(() => claims.close());

test("200 concurrent requests on 30 claims make one run a claim, on two replicas; the rest join it", async () => {
  const other = await claims.startReplica();
  const listed = await claims.send("GET", "/api/v1/claims?page_size=30");
  const ids: string[] = listed.json.claims.map(({ id }: { id: string }) => id);
  const ask = async (index: number) => {
    const url = index % 2 === 0 ? claims.url : other.url;
    const path = `/api/v1/claims/${ids[index % ids.length]}/process`;
    const response = await fetch(url + path, { method: "POST" });
    return { status: response.status, json: await response.json() };
  };
  const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => ask(index)));
  const count = (message: string) => answers.filter(({ json }) => json.message === message).length;
  expect([
    answers.every(({ status }) => status === 202),
    count("Processing has started"),
    count("Joined the run of the claim"),
    new Set(answers.map(({ json }) => json.run_id)).size,
  ]).toEqual([true, 30, 170, 30]);

  released.resolve();
  const processing = () => claims.send("GET", "/api/v1/claims?status=processing");
  while ((await processing()).json.total > 0) await Bun.sleep(20);
  const runs =
    await claims.sql`select state, attempt, count(*)::int as count, count(distinct worker)::int as workers
    from processing_runs where origin = 'process' group by state, attempt order by state`;
  expect([...runs]).toEqual([
    { state: "completed", attempt: 1, count: 29, workers: 2 },
    { state: "failed", attempt: 1, count: 1, workers: 1 },
  ]);
  const steps = await claims.sql`select run_id from processing_logs
    group by run_id, step_name having count(*) > 1`;
  expect([...steps]).toEqual([]);
  await other.stop();
}, 60_000);
