import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { openTestClaims, type TestClaims } from "../../../tests/claims.ts";
import { joinRoom } from "../../../tests/claimsRoom.ts";

let claims: TestClaims;
beforeAll(async () => {
  claims = await openTestClaims();
}, 60_000);
afterAll(() => claims.close());

const reviewer = { reviewer_id: "r1", reviewer_name: "Helen Marsh" };

async function claimIn(number: string, status: string): Promise<string> {
  const id = await claims.claimId(number);
  await claims.sql`update claims set status = ${status}, outcome = null where id = ${id}`;
  return id;
}

const act = (id: string, body: Record<string, unknown>) =>
  claims.send("POST", `/api/v1/review/${id}/action`, { body: { ...reviewer, ...body } });

describe("a reviewer's action", () => {
  test.each([
    ["approve", "manual_review", 200, "completed", "approve"],
    ["approve", "pending_info", 200, "completed", "approve"],
    ["reject", "manual_review", 200, "completed", "deny"],
    ["deny", "pending_info", 200, "completed", "deny"],
    ["request_info", "manual_review", 200, "pending_info", null],
    ["provide_info", "pending_info", 200, "pending", null],
    ["comment", "completed", 200, "completed", null],
    ["approve", "pending", 409, "pending", null],
    ["approve", "completed", 409, "completed", null],
    ["reject", "processing", 409, "processing", null],
    ["request_info", "pending_info", 409, "pending_info", null],
    ["provide_info", "manual_review", 409, "manual_review", null],
  ])("%s in %s answers %i", async (action, before, status, after, outcome) => {
    const id = await claimIn("2025-0001", before);
    const answer = await act(id, { action, comment: "checked" });
    const { json: claim } = await claims.send("GET", `/api/v1/claims/${id}`);
    expect([answer.status, claim.status, claim.outcome]).toEqual([status, after, outcome]);
    if (status !== 200) return;
    const word = action === "deny" ? "reject" : action;
    expect(answer.json).toEqual({ success: true, claim_id: id, action: word, new_status: after });
    expect(claim.agent_logs.at(-1)).toEqual({
      timestamp: expect.stringMatching(/Z$/),
      ...reviewer,
      type: word,
      message: "checked",
    });
    const { json } = await claims.send("GET", `/api/v1/review/${id}/messages`);
    expect(json.messages.at(-1)).toEqual({
      type: word,
      timestamp: expect.stringMatching(/Z$/),
      ...reviewer,
      message: "checked",
    });
  });

  test("of approval against a rule that denies needs a word why", async () => {
    const id = await claims.claimId("2025-0008");
    await claims.send("POST", `/api/v1/claims/${id}/process?wait=true`);
    await claims.sql`update claims set status = 'manual_review', outcome = null where id = ${id}`;
    const mute = await act(id, { action: "approve", comment: " " });
    expect([mute.status, mute.json]).toEqual([
      422,
      {
        detail: [
          {
            loc: ["body", "comment"],
            msg: "an approval against EXCLUSION needs a comment",
            type: "comment_required",
          },
        ],
      },
    ]);
    expect((await act(id, { action: "approve", comment: "It was no flood." })).status).toBe(200);
    const { json } = await claims.send("GET", `/api/v1/claims/${id}/decision`);
    expect(json).toMatchObject({
      initial_decision: "deny",
      decision: "deny",
      final_decision: "approve",
      final_decision_by: "r1",
      final_decision_by_name: "Helen Marsh",
      final_decision_notes: "It was no flood.",
    });
  });

  test("on a claim that has changed meanwhile is refused, and one of two wins", async () => {
    const id = await claimIn("2025-0003", "manual_review");
    const { version } = (await claims.send("GET", `/api/v1/claims/${id}`)).json;
    const answers = await Promise.all(
      ["approve", "reject"].map((action) => act(id, { action, expected_version: version })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test.each([
    [{ action: "destroy" }, ["body", "action"]],
    [{ action: "comment", reviewer_id: "" }, ["body", "reviewer_id"]],
    [{ action: "comment", comment: "x".repeat(4_001) }, ["body", "comment"]],
    [{ action: "comment", expected_version: "1" }, ["body", "expected_version"]],
    [{}, ["body", "action"]],
  ])("%p is not understood", async (body, loc) => {
    const answer = await act(await claims.claimId("2025-0001"), body);
    expect([answer.status, answer.json.detail[0].loc]).toEqual([422, loc]);
  });
});

describe("a question to the agent", () => {
  const ask = (id: string, question: string) =>
    claims.send("POST", `/api/v1/review/${id}/ask-agent`, { body: { ...reviewer, question } });

  test("is answered with what is known, and kept", async () => {
    const id = await claimIn("2025-0004", "manual_review");
    const first = await ask(id, "Why?");
    expect([first.status, first.json]).toEqual([
      200,
      {
        success: true,
        claim_id: id,
        question: "Why?",
        answer: 'Asked "Why?" with 0 earlier, 0 steps and CNT-2015-0004',
        timestamp: expect.stringMatching(/Z$/),
      },
    ]);
    expect((await ask(id, "And now?")).json.answer).toContain("with 1 earlier");
    const { json } = await claims.send("GET", `/api/v1/review/${id}/messages`);
    expect(json.messages[0]).toEqual({
      type: "qa_exchange",
      timestamp: first.json.timestamp,
      ...reviewer,
      message: "Why?",
      answer: first.json.answer,
    });
  });

  test("needs words, and a claim that waits for a person", async () => {
    const id = await claimIn("2025-0005", "pending");
    expect((await ask(id, " ")).status).toBe(422);
    const refused = await ask(id, "Why?");
    expect([refused.status, refused.json]).toEqual([
      400,
      { detail: "Cannot ask the agent: the claim's status is pending" },
    ]);
  });
});

describe("a review room", () => {
  test("is one room on all replicas: presence, chat, actions, questions, status", async () => {
    const other = await claims.startReplica();
    const id = await claimIn("2025-0010", "manual_review");
    const ann = await joinRoom(claims.url, id, "ann");
    const bob = await joinRoom(other.url, id, "bob");
    expect((await ann.until("reviewer_joined")).claim_id).toBe(id);
    await bob.until("reviewer_joined");
    expect(bob.heard.map(({ type }) => type)).toEqual(["connected", "reviewer_joined"]);
    expect((await bob.until("connected")).reviewers).toMatchObject([
      { reviewer_id: "ann" },
      { reviewer_id: "bob" },
    ]);
    const active = (await claims.send("GET", "/api/v1/review/active")).json;
    expect(active).toMatchObject({
      active_sessions: [{ claim_id: id, reviewer_count: 2 }],
      total: 1,
    });

    ann.say({ type: "chat", message: "Grüße" });
    expect(await bob.until("chat_message")).toMatchObject({ reviewer_id: "ann", message: "Grüße" });
    bob.say({ type: "ping" });
    await bob.until("pong");
    bob.say({ type: "action", action: "approve", comment: "fine" });
    expect(await bob.until("action_acknowledged")).toMatchObject({
      action: "approve",
      new_status: "completed",
    });
    expect(await ann.until("action_taken")).toMatchObject({
      reviewer_id: "bob",
      action: "approve",
      comment: "fine",
    });
    expect(await ann.until("claim_updated")).toMatchObject({
      status: "completed",
      outcome: "approve",
    });

    bob.say({ type: "action", action: "approve" });
    bob.say("{");
    bob.say({ type: "dance" });
    while (bob.heard.filter(({ type }) => type === "error").length < 3) await Bun.sleep(5);
    expect(bob.heard.filter(({ type }) => type === "error").map(({ detail }) => detail)).toEqual([
      "Cannot approve: the claim's status is completed",
      "Cannot understand the message: it is no JSON",
      "Cannot understand the message: type must be one of chat, action, ping",
    ]);
    expect(ann.heard.every(({ timestamp }) => /Z$/.test(String(timestamp)))).toBe(true);
    await bob.leave();
    expect(await ann.until("reviewer_left")).toMatchObject({ reviewer_id: "bob" });
    const { json } = await claims.send("GET", `/api/v1/review/${id}/messages`);
    expect(json.messages.map(({ type }: { type: string }) => type)).toEqual(["chat", "approve"]);
    await ann.leave();
    await other.stop();
  }, 20_000);

  test.each([
    ["00000000-0000-4000-8000-000000000000", "?reviewer_id=a&reviewer_name=b", 404],
    ["nope", "?reviewer_id=a&reviewer_name=b", 422],
    ["known", "?reviewer_id=a", 422],
  ])("of %s with %s is not opened: %i", async (room, query, status) => {
    const id = room === "known" ? await claims.claimId("2025-0001") : room;
    const headers = { upgrade: "websocket", connection: "Upgrade" };
    const answer = await claims.send("GET", `/ws/review/${id}${query}`, { headers });
    expect([answer.status, Object.keys(answer.json)]).toEqual([status, ["detail"]]);
    if (status === 404) expect(answer.json).toEqual({ detail: "Claim not found" });
  });
});
