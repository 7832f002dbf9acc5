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
