import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { adminToken, openTestClaims, type TestClaims } from "../../../tests/claims.ts";

let claims: TestClaims;
beforeAll(async () => {
  claims = await openTestClaims();
}, 60_000);
afterAll(() => claims.close());

describe("administration", () => {
  test("counts rows for those who bring the token", async () => {
    const path = "/api/v1/admin/database-stats";
    expect((await claims.send("GET", path)).status).toBe(401);
    expect((await claims.send("GET", path, { token: "wrong" })).status).toBe(401);
    const { json } = await claims.send("GET", path, { token: adminToken });
    expect(json).toEqual({
      success: true,
      data: {
        users: 25,
        contracts: 25,
        claims_by_status: {
          pending: 30,
          processing: 0,
          completed: 12,
          failed: 0,
          manual_review: 0,
          pending_info: 0,
        },
        claims_total: 42,
        knowledge_base: 15,
        knowledge_base_embeddings: "15/15",
        claim_documents_embeddings: "12/12",
      },
    });
  });

  test("resets everything to the sample data and tells who keeps copies", async () => {
    const path = "/api/v1/admin/reset-database";
    const body = {
      user_id: "USR001",
      claim_number: "CLM-NEW-1",
      document_path: "/claim_documents/CLM-2025-0001.pdf",
    };
    await claims.send("POST", "/api/v1/claims", { body });
    expect((await claims.send("POST", path)).status).toBe(401);
    const reset = await claims.send("POST", path, { token: adminToken });
    expect([reset.status, reset.json]).toEqual([
      200,
      {
        success: true,
        message: "The sample data is loaded",
        data: { users: 25, contracts: 25, claims: 42, knowledge_base: 15 },
      },
    ]);
    const buried =
      await claims.sql`select kind, count(*)::int as count from sync_tombstones group by kind`;
    expect([...buried]).toEqual([{ kind: "precedents", count: 1 }]);
    const audit = await claims.send("GET", "/api/v1/admin/audit-log?format=csv", {
      token: adminToken,
    });
    expect(audit.text.split("\r\n").at(0)).toBe("id,at,actor,action,claim_id,detail");
    expect(audit.text).toContain("database_reset");
  });
});

test("a reset amid runs takes them away without anybody waiting for each other for ever", async () => {
  const statuses = new Set<number>();
  for (let round = 0; round < 12; round++) {
    const { json } = await claims.send("GET", "/api/v1/claims?page_size=30");
    const started = json.claims.map(({ id }: { id: string }) =>
      claims.send("POST", `/api/v1/claims/${id}/process`),
    );
    // Somewhere in the middle: workers are recording steps while other runs start.
    const storedSteps = async () =>
      (await claims.sql`select count(*)::int as count from processing_logs`)[0].count;
    while ((await storedSteps()) < round * 8) await Bun.sleep(1);
    const answers = await Promise.all([
      claims.send("POST", "/api/v1/admin/reset-database", { token: adminToken }),
      ...started,
    ]);
    expect(answers[0]?.status).toBe(200);
    for (const { status } of answers) statuses.add(status);
  }
  // The database ends a deadlock by giving one of the two up, which would be a 503.
  expect([...statuses].sort()).toEqual([200, 202]);
}, 60_000);
