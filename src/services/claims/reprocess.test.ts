import { afterAll, beforeAll, expect, test } from "bun:test";
import { openTestClaims, type TestClaims } from "../../../tests/claims.ts";

let claims: TestClaims;
beforeAll(async () => {
  claims = await openTestClaims();
}, 60_000);
afterAll(() => claims.close());

const act = (id: string, action: string) =>
  claims.send("POST", `/api/v1/review/${id}/action`, {
    body: { action, comment: "checked", reviewer_id: "r1", reviewer_name: "Helen Marsh" },
  });

test.each([
  ["an answer", undefined],
  ["a new document", "/claim_documents/CLM-2025-0011.pdf"],
])(
  "a claim that waits for information: with %s it is processed again, and both decisions stay readable",
  async (_, document_path) => {
    const id = await claims.claimId(document_path ? "2025-0011" : "2025-0010");
    const path = `/api/v1/claims/${id}`;
    const first = await claims.send("POST", `${path}/process?wait=true`);
    await claims.sql`update claims set status = 'manual_review', outcome = null where id = ${id}`;
    expect((await act(id, "request_info")).status).toBe(200);
    const provided = document_path
      ? await claims.send("POST", `${path}/document`, { body: { document_path } })
      : await act(id, "provide_info");
    const { json: claim } = await claims.send("GET", path);
    expect([provided.status, claim.status]).toEqual([200, "pending"]);
    const second = await claims.send("POST", `${path}/process?wait=true`);
    const decisionOf = async (query = "") =>
      (await claims.send("GET", `${path}/decision${query}`)).json.run_id;
    expect([
      second.json.run_id === first.json.run_id,
      await decisionOf(),
      await decisionOf(`?run_id=${first.json.run_id}`),
    ]).toEqual([false, second.json.run_id, first.json.run_id]);
  },
);
