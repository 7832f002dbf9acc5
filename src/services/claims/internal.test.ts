import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Facts } from "../../../mcp/decision/facts.ts";
import { RecordedDecision } from "../../../mcp/decision/record.ts";
import { internalToken, openTestClaims, type TestClaims } from "../../../tests/claims.ts";
import { decisionRecord } from "../../../tests/scripted-agent.ts";

let claims: TestClaims;
beforeAll(async () => {
  claims = await openTestClaims();
}, 60_000);
afterAll(() => claims.close());

const get = (path: string, token = internalToken) =>
  claims.send("GET", `/api/v1/internal/${path}`, { token });

describe("the internal endpoints", () => {
  test("ask for their own token and stay out of the documentation", async () => {
    expect((await claims.send("GET", "/api/v1/internal/sync/users")).status).toBe(401);
    expect((await get("sync/users", "wrong")).status).toBe(401);
    expect((await claims.send("GET", "/openapi.json")).text).not.toContain("/internal/");
  });
});

describe("copies", () => {
  async function all(kind: string, limit: number) {
    const items: Record<string, unknown>[] = [];
    let cursor: string | null = null;
    for (let after = ""; ; after = cursor) {
      const { json } = await get(`sync/${kind}?limit=${limit}&after=${after}`);
      items.push(...json.items);
      if (json.next_cursor === null) return { items, cursor: after };
      cursor = json.next_cursor as string;
    }
  }

  test.each([
    ["users", 25],
    ["contracts", 25],
    ["precedents", 12],
    ["articles", 15],
  ])("of %s come whole, page after page", async (kind, count) => {
    const { items } = await all(kind, 4);
    expect([items.length, new Set(items.map(({ id }) => id)).size]).toEqual([count, count]);
    expect(
      items.every(({ deleted, updated_at }) => deleted === false && /Z$/.test(`${updated_at}`)),
    ).toBe(true);
  });

  test("of a precedent tell what was decided, by whom and why", async () => {
    const { items } = await all("precedents", 100);
    expect(items.find(({ claim_number }) => claim_number === "CLM-2024-0011")).toMatchObject({
      claim_type: "Medical",
      claim_text: expect.stringContaining("appendectomy"),
      outcome: "approve",
      decided_by: "reviewer",
      reasoning: expect.stringContaining("emergency"),
      amount: 6800,
      payable_amount: 6280,
      decided_at: expect.any(String),
    });
  });

  test("go on where they were: changes come once, and what is gone is said to be", async () => {
    const { cursor } = await all("precedents", 100);
    const id = await claims.claimId("2025-0012");
    await claims.send("POST", `/api/v1/claims/${id}/process?wait=true`);
    const changed = (await get(`sync/precedents?after=${cursor}`)).json;
    expect(changed.items).toMatchObject([{ id, deleted: false, outcome: "approve", amount: 1980 }]);
    await claims.sql`update claims set outcome = null, status = 'pending' where id = ${id}`;
    const gone = (await get(`sync/precedents?after=${changed.next_cursor}`)).json;
    expect(gone.items).toEqual([{ id, updated_at: expect.any(String), deleted: true }]);
    expect((await get(`sync/precedents?after=${gone.next_cursor}`)).json).toEqual({
      items: [],
      next_cursor: null,
    });
  });

  test("never pass by a change that commits late", async () => {
    const { cursor } = await all("users", 100);
    const late = Promise.withResolvers<void>();
    const began = Promise.withResolvers<void>();
    const writing = claims.sql.begin(async (transaction) => {
      await transaction`update users set address = 'late' where user_id = 'USR001'`;
      began.resolve();
      await late.promise;
    });
    await began.promise;
    await claims.sql`update users set address = 'early' where user_id = 'USR002'`;
    expect((await get(`sync/users?after=${cursor}`)).json.items).toEqual([]);
    late.resolve();
    await writing;
    const { items } = (await get(`sync/users?after=${cursor}`)).json;
    expect(items.map(({ address }: { address: string }) => address)).toEqual(["late", "early"]);
  });

  test.each(["x", "1_2", "99999999999999999999_00000000-0000-0000-0000-000000000000"])(
    "do not begin at %p",
    async (after) => {
      expect((await get(`sync/users?after=${after}`)).status).toBe(422);
    },
  );
});

describe("facts", () => {
  test("have the shape that the rules take, unread and read", async () => {
    const id = await claims.claimId("2025-0013");
    const unread = Facts.parse((await get(`claims/${id}/facts`)).json);
    expect([unread.user, unread.document]).toEqual([
      { user_id: "USR012", full_name: "Marcus Bell" },
      null,
    ]);
    expect(unread.other_claims.map(({ claim_number }) => claim_number)).toEqual([
      "CLM-2025-0012",
      "CLM-2024-0003",
    ]);
    const { json: run } = await claims.send("POST", `/api/v1/claims/${id}/process?wait=true`);
    const facts = Facts.parse((await get(`claims/${id}/facts?run_id=${run.run_id}`)).json);
    expect(facts.document).toMatchObject({
      confidence: 1,
      pages: [{ page: 1, confidence: 1 }],
      fields: { estimated_repair_cost: { value: "1,980.00 USD", confidence: 1, page: null } },
      text: expect.stringContaining("Estimated repair cost"),
      language: "eng",
    });
    expect(facts.contracts).toEqual([
      {
        contract_number: "CNT-2025-0012",
        contract_type: "Home Insurance",
        start_date: "2025-01-01",
        end_date: "2025-12-31",
        coverage_amount: 200_000,
        deductible: 1_000,
        copay: null,
        currency: "USD",
        exclusions: ["flood", "earthquake", "gradual leak or wear"],
        is_active: true,
      },
    ]);
    const stranger = await get(`claims/${id}/facts?run_id=${crypto.randomUUID()}`);
    expect([stranger.status, stranger.json]).toEqual([404, { detail: "Run not found" }]);
  });
});

describe("a decision", () => {
  const record = (id: string, body: unknown) =>
    claims.send("POST", `/api/v1/internal/claims/${id}/decisions`, { body, token: internalToken });
  const direct = (userId: string, change = {}) => ({
    ...decisionRecord({ userId, runId: null }, "approve"),
    ...change,
  });

  test("outside any run opens one that is over at once; again it is the same; another one is another run", async () => {
    const id = await claims.claimId("2025-0015");
    const first = await record(id, direct("USR014"));
    expect([first.status, RecordedDecision.parse(first.json).recommendation]).toEqual([
      201,
      "approve",
    ]);
    const again = await record(id, direct("USR014"));
    expect([again.status, again.json]).toEqual([200, first.json]);
    const other = await record(id, direct("USR014", { call_hash: "b".repeat(64) }));
    expect([other.status, other.json.run_id === first.json.run_id]).toEqual([201, false]);
    const { json } = await claims.send("GET", `/api/v1/claims/${id}`);
    expect([json.status, json.outcome]).toEqual(["completed", "approve"]);
    const { runs } = (await claims.send("GET", `/api/v1/claims/${id}/runs`)).json;
    expect(runs.map(({ origin, state }: Record<string, string>) => [origin, state])).toEqual([
      ["direct", "completed"],
      ["direct", "completed"],
    ]);
  });

  test("of a run is its first one", async () => {
    const id = await claims.claimId("2025-0016");
    const { json: run } = await claims.send("POST", `/api/v1/claims/${id}/process?wait=true`);
    const same = { ...decisionRecord({ userId: "USR015", runId: run.run_id }, "approve") };
    expect((await record(id, same)).status).toBe(200);
    const other = await record(id, { ...same, call_hash: "c".repeat(64) });
    expect([other.status, other.json]).toEqual([409, { detail: "The run has a decision already" }]);
  });

  test("of a run that has ended without one comes too late", async () => {
    const id = await claims.claimId("2025-0005");
    const { json: run } = await claims.send("POST", `/api/v1/claims/${id}/process?wait=true`);
    const late = await record(
      id,
      decisionRecord({ userId: "USR005", runId: run.run_id }, "approve"),
    );
    expect([late.status, late.json]).toEqual([
      409,
      { detail: "The run has ended without a decision" },
    ]);
  });

  test.each([
    ["another user's claim", { user_id: "USR001" }, 422],
    ["a decision in other words", { recommendation: "APPROVE" }, 422],
    ["a confidence of 95", { confidence: 95 }, 422],
    ["no reasoning", { reasoning: " " }, 422],
    ["a run of nobody", { run_id: "00000000-0000-4000-8000-000000000000" }, 404],
  ])("is refused for %s", async (_, change, status) => {
    const id = await claims.claimId("2025-0017");
    expect((await record(id, direct("USR016", change))).status).toBe(status);
    const { json } = await claims.send("GET", `/api/v1/claims/${id}/runs`);
    expect(json.total).toBe(0);
  });
});
