import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { adminToken, openTestClaims, type TestClaims } from "../../../tests/claims.ts";
import { joinRoom } from "../../../tests/claimsRoom.ts";

let claims: TestClaims;
beforeAll(async () => {
  claims = await openTestClaims();
}, 60_000);
afterAll(() => claims.close());

/** How many events a run of an approved claim has. */
const runCount = 15;

async function reset(): Promise<void> {
  const answer = await claims.send("POST", "/api/v1/admin/reset-database", { token: adminToken });
  expect(answer.status).toBe(200);
}

interface Frame {
  id: string;
  type: string;
}

function framesOf(text: string): Frame[] {
  return [...text.matchAll(/^id: (\S+)\nevent: (.+)$/gm)].map(([, id = "", type = ""]) => ({
    id,
    type,
  }));
}

/** Reads a stream until a run's last event has come so many times; `onEnd` hears of each. */
async function readUntil(
  response: Response,
  endCount = 1,
  onEnd: () => void = () => undefined,
): Promise<Frame[]> {
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    const ends = text.split("event: run.completed").length - 1;
    if (ends > 0) onEnd();
    if (ends >= endCount) break;
  }
  return framesOf(text);
}

const restart: Frame = { id: "0", type: "stream.restarted" };
const epochOf = ({ id }: Frame) => id.split(":")[0];
const numbersOf = (frames: readonly Frame[]) => frames.map(({ id }) => Number(id.split(":")[1]));
const all = Array.from({ length: runCount }, (_, index) => index + 1);

async function processedClaim(number: string): Promise<{ path: string; id: string }> {
  const id = await claims.claimId(number);
  const path = `/api/v1/claims/${id}`;
  expect((await claims.send("POST", `${path}/process?wait=true`)).status).toBe(200);
  return { path, id };
}

describe("after a reset", () => {
  test("a stream that was open begins anew and says so", async () => {
    const { path } = await processedClaim("0002");
    const response = await fetch(`${claims.url}${path}/events`);
    const told = Promise.withResolvers<void>();
    const reading = readUntil(response, 2, told.resolve);
    await told.promise;
    await reset();
    await claims.send("POST", `${path}/process?wait=true`);
    const frames = await reading;
    const [before, after] = [frames.slice(0, runCount), frames.slice(runCount + 1)];
    expect([numbersOf(before), frames[runCount], numbersOf(after)]).toEqual([all, restart, all]);
    expect(new Set(before.map(epochOf)).size + new Set(after.map(epochOf)).size).toBe(2);
    expect(before.map(epochOf)[0]).not.toBe(after.map(epochOf)[0]);
  });

  // The new stream had grown past the old number: with numbers alone the client missed all before it.
  test.each([
    ["header", (url: string, id: string) => fetch(url, { headers: { "last-event-id": id } })],
    ["query", (url: string, id: string) => fetch(`${url}?last_event_id=${id}`)],
  ])(
    "a client that comes back with an older id in the %s is told everything anew",
    async (_, ask) => {
      const { path } = await processedClaim("0003");
      const url = `${claims.url}${path}/events`;
      const [, , third] = await readUntil(await fetch(url));
      await reset();
      await claims.send("POST", `${path}/process?wait=true`);
      const [first, ...rest] = await readUntil(await ask(url, third?.id ?? ""));
      expect([first, numbersOf(rest)]).toEqual([restart, all]);
      const present = await readUntil(await ask(url, rest[2]?.id ?? ""));
      expect(numbersOf(present)).toEqual(all.slice(3));
    },
  );

  test("a stream of a run that is gone says so and ends", async () => {
    const { path } = await processedClaim("0001");
    const [{ run_id }] = (await claims.send("GET", `${path}/runs`)).json.runs;
    await claims.sql`update processing_runs set state = 'running' where id = ${run_id}`;
    const frames = await readUntil(await fetch(`${claims.url}${path}/events`));
    const headers = { "last-event-id": frames.at(-1)?.id ?? "" };
    const response = await fetch(`${claims.url}${path}/events?run_id=${run_id}`, { headers });
    await reset();
    expect(framesOf(await response.text())).toEqual([restart]);
  });

  test("a room that was open hears of the claim as it is now, and all that happens to it", async () => {
    const { path, id } = await processedClaim("0001");
    const ann = await joinRoom(claims.url, id, "ann");
    await reset();
    await ann.until("claim_updated");
    await claims.send("POST", `${path}/process?wait=true`);
    const updates = () => ann.heard.filter(({ type }) => type === "claim_updated");
    while (updates().length < 3) await Bun.sleep(5);
    expect(updates().map(({ status, outcome }) => [status, outcome])).toEqual([
      ["pending", null],
      ["processing", null],
      ["completed", "approve"],
    ]);
    await ann.leave();
  });
});

test.each(["7", "99", "x", "00000000-0000-4000-8000-000000000000:3", "-1:-1"])(
  "an id that no stream has given out begins anew: %s",
  async (id) => {
    const { path } = await processedClaim("0016");
    const [{ run_id }] = (await claims.send("GET", `${path}/runs`)).json.runs;
    const headers = { "last-event-id": id };
    const url = `${claims.url}${path}/events?run_id=${run_id}`;
    const [first, ...rest] = framesOf(await (await fetch(url, { headers })).text());
    expect([first, rest.length]).toEqual([restart, runCount]);
  },
);
