import { afterAll, beforeAll, expect, test } from "bun:test";
import { openTestClaims, type TestClaims } from "../../../tests/claims.ts";
import { joinRoom } from "../../../tests/claimsRoom.ts";

let claims: TestClaims;
beforeAll(async () => {
  claims = await openTestClaims();
}, 60_000);
afterAll(() => claims.close());

const reviewersOf = async () =>
  (await claims.send("GET", "/api/v1/review/active")).json.active_sessions[0].reviewers.map(
    ({ reviewer_name }: { reviewer_name: string }) => reviewer_name,
  );

// As a page does whose reader is renamed while it connects: the old name stayed in the room for good.
test("who goes while still coming in leaves nobody behind in the room", async () => {
  const id = await claims.claimId("0004");
  const ann = await joinRoom(claims.url, id, "ann");
  const url = `${claims.url.replace("http", "ws")}/api/v1/review/ws/review/${id}`;
  const visitCount = 5;
  await claims.sql.begin(async (sql) => {
    // Nobody can come in yet, and everybody has gone when it is possible again.
    await sql`lock table review_presence in share mode`;
    const visits = Array.from({ length: visitCount }, (_, index) => {
      const socket = new WebSocket(`${url}?reviewer_id=r${index}&reviewer_name=Old`);
      return new Promise((resolve) => {
        socket.onopen = () => socket.close();
        socket.onclose = resolve;
      });
    });
    await Promise.all(visits);
  });
  const left = () => ann.heard.filter(({ type }) => type === "reviewer_left");
  while (left().length < visitCount) await Bun.sleep(5);
  expect(await reviewersOf()).toEqual(["ann Doe"]);
  await ann.leave();
});

test("a reviewer with two windows has the name of the later one", async () => {
  const id = await claims.claimId("0005");
  const first = await joinRoom(claims.url, id, "ann");
  const second = await joinRoom(claims.url, id, "ann", "Ann Marsh");
  const seen = await reviewersOf();
  await second.leave();
  expect(seen).toEqual(["Ann Marsh"]);
  await first.leave();
});
