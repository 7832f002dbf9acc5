import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openTestClaims, samplePdf, type TestClaims } from "../../../tests/claims.ts";

let claims: TestClaims;
beforeAll(async () => {
  claims = await openTestClaims({ CORS_ORIGINS: '["http://localhost:5173"]' });
}, 60_000);
afterAll(() => claims.close());

const list = async (query: string) => {
  const { json } = await claims.send("GET", `/api/v1/claims${query}`);
  return json.claims.map((claim: { claim_number: string }) => claim.claim_number.slice(-4));
};
const newClaim = {
  user_id: "USR001",
  claim_number: "CLM-NEW-1",
  claim_type: "Medical",
  document_path: "/claim_documents/CLM-2025-0001.pdf",
};

describe("the list of claims", () => {
  test("is the newest first, without what was archived, a page at a time", async () => {
    const { json } = await claims.send("GET", "/api/v1/claims?page_size=2");
    expect(json).toMatchObject({ total: 30, page: 1, page_size: 2 });
    expect(json.claims[0]).toEqual({
      id: expect.any(String),
      user_id: "USR001",
      claim_number: "CLM-2025-0029",
      claim_type: "Medical",
      document_path: "/claim_documents/CLM-2025-0029.pdf",
      status: "pending",
      outcome: null,
      submitted_at: "2026-01-15T09:00:00.000Z",
      processed_at: null,
      total_processing_time_ms: null,
      is_archived: false,
      metadata: {},
      agent_logs: null,
      version: 1,
      created_at: expect.stringMatching(/Z$/),
      updated_at: expect.stringMatching(/Z$/),
    });
    const slash = await claims.send("GET", "/api/v1/claims/?page_size=2");
    expect(slash.json).toEqual(json);
  });

  test.each([
    ["?user_id=USR012&sort=claim_number", ["0012", "0013"]],
    ["?search=reyes&sort=-claim_number", ["0026", "0025"]],
    ["?search=2025-003", ["0030"]],
    ["?search=%25", []],
    ["?claim_type=lIFE", ["0004"]],
    ["?page=8&page_size=4&sort=claim_number", ["0029", "0030"]],
    ["?page=9000000", []],
    ["?include_archived=true&outcome=deny&user_id=USR008", ["0006"]],
    ["?status=completed", []],
  ])("filters and orders: %s", async (query, numbers) => {
    expect(await list(query)).toEqual(numbers);
  });

  test.each([
    ["?status=unknown", "status"],
    ["?sort=amount", "sort"],
    ["?page=0", "page"],
    ["?page_size=101", "page_size"],
    ["?page=1e3", "page"],
    ["?include_archived=maybe", "include_archived"],
    ["?search=%00", "search"],
  ])("refuses %s", async (query, field) => {
    const { status, json } = await claims.send("GET", `/api/v1/claims${query}`);
    expect([status, json]).toEqual([
      422,
      { detail: [{ loc: ["query", field], msg: expect.any(String), type: expect.any(String) }] },
    ]);
  });
});

describe("a claim", () => {
  test("is filed with a document that exists, once", async () => {
    const created = await claims.send("POST", "/api/v1/claims/", { body: newClaim });
    expect([created.status, created.json]).toMatchObject([201, { ...newClaim, status: "pending" }]);
    const found = await claims.send("GET", `/api/v1/claims/${created.json.id}`);
    expect(found.json).toEqual(created.json);
    expect(created.headers.get("location")).toBe(`/api/v1/claims/${created.json.id}`);
    const again = await claims.send("POST", "/api/v1/claims", { body: newClaim });
    expect([again.status, again.json]).toEqual([409, { detail: "Claim number already exists" }]);
  });

  test.each([
    [{ user_id: "USR999" }, ["body", "user_id"]],
    [{ document_path: "/claim_documents/missing.pdf" }, ["body", "document_path"]],
    [{ document_path: "/claim_documents/../../etc/passwd" }, ["body", "document_path"]],
    [{ document_path: "/etc/passwd" }, ["body", "document_path"]],
    [{ document_path: "/claim_documents/out.pdf" }, ["body", "document_path"]],
    [{ document_path: "/claim_documents/folder" }, ["body", "document_path"]],
    [{ user_id: 5 }, ["body", "user_id"]],
    [{ claim_number: "  " }, ["body", "claim_number"]],
    [{ claim_number: "x".repeat(65) }, ["body", "claim_number"]],
    [{ claim_number: "a\0b" }, ["body", "claim_number"]],
    [{ claim_number: " CLM-NEW" }, ["body", "claim_number"]],
    [{ claim_number: "CLM\r\nNEW" }, ["body", "claim_number"]],
    [{ claim_number: "CLM-\u202eWEN" }, ["body", "claim_number"]],
    [{ claim_number: undefined }, ["body", "claim_number"]],
  ])("is not filed with %p", async (change, loc) => {
    const outside = join(claims.documents, "..", "outside.pdf");
    writeFileSync(outside, samplePdf());
    mkdirSync(join(claims.documents, "folder"), { recursive: true });
    await Bun.write(join(claims.documents, "folder", "a.txt"), "");
    try {
      symlinkSync(outside, join(claims.documents, "out.pdf"));
    } catch {
      // It is there from the row before.
    }
    const body = { ...newClaim, claim_number: "CLM-NEW-2", ...change };
    const { status, json } = await claims.send("POST", "/api/v1/claims", { body });
    expect([status, json.detail?.[0]?.loc]).toEqual([422, loc]);
  });

  test("is not filed with mistakes, each of which is named in words", async () => {
    const body = { user_id: 5, claim_number: " 1", claim_type: "" };
    const { json } = await claims.send("POST", "/api/v1/claims", { body });
    const mistakes: { loc: string[]; msg: string; type: string }[] = json.detail;
    expect(mistakes.map(({ loc, msg, type }) => [loc.at(-1), msg, type])).toEqual([
      ["user_id", "must be a text", "invalid_type"],
      ["claim_number", "must not begin or end with white space", "custom"],
      ["claim_type", "must not be empty", "custom"],
      ["document_path", "is missing", "missing"],
    ]);
  });

  test.each([
    ["no JSON", "{", "application/json", 422],
    ["no body", "", "application/json", 422],
    ["an array", "[]", "application/json", 422],
    ["another type", "a=1", "application/x-www-form-urlencoded", 415],
    ["too much", JSON.stringify({ user_id: "x".repeat(2_000_000) }), "application/json", 413],
  ])("is not filed from %s", async (_, body, type, status) => {
    const answer = await claims.send("POST", "/api/v1/claims", {
      body,
      headers: { "content-type": type },
    });
    expect([answer.status, typeof answer.json.detail]).toEqual([
      status,
      status === 422 ? "object" : "string",
    ]);
  });

  test("is put away and brought back, but not while it is processed", async () => {
    const id = await claims.claimId("2025-0030");
    const put = await claims.send("POST", `/api/v1/claims/${id}/archive`);
    expect([put.status, put.json]).toMatchObject([200, { is_archived: true, version: 2 }]);
    expect(await list("?search=2025-0030")).toEqual([]);
    expect((await claims.send("POST", `/api/v1/claims/${id}/unarchive`)).json).toMatchObject({
      is_archived: false,
      version: 3,
    });
    await claims.sql`update claims set status = 'processing' where id = ${id}`;
    const refused = await claims.send("POST", `/api/v1/claims/${id}/archive`);
    await claims.sql`update claims set status = 'pending' where id = ${id}`;
    expect([refused.status, refused.json]).toEqual([
      409,
      { detail: "The claim is being processed" },
    ]);
  });

  test.each([
    ["GET", "/api/v1/claims/00000000-0000-4000-8000-000000000000", 404, "Claim not found"],
    ["GET", "/api/v1/nothing", 404, "Not Found"],
    ["PATCH", "/api/v1/claims", 405, "Request method 'PATCH' is not supported"],
  ])("%s %s answers %i", async (method, path, status, detail) => {
    const answer = await claims.send(method, path);
    expect([answer.status, answer.json]).toEqual([status, { detail }]);
  });

  test("is named by a UUID", async () => {
    const { status, json } = await claims.send("GET", "/api/v1/claims/nope");
    expect([status, json]).toEqual([
      422,
      {
        detail: [
          { loc: ["path", "claim_id"], msg: "claim_id is not a UUID", type: "uuid_parsing" },
        ],
      },
    ]);
  });
});

describe("the service", () => {
  test("says what it is, that it lives and that it is ready", async () => {
    const answers = await Promise.all(
      ["/", "/health/live", "/health/ready"].map((path) => claims.send("GET", path)),
    );
    expect(answers.map(({ json }) => json)).toEqual([
      {
        name: "Claims API",
        version: expect.any(String),
        environment: "production",
        status: "healthy",
      },
      { status: "alive" },
      { status: "ready", database: "connected" },
    ]);
  });

  test("lets the pages of named origins read its answers", async () => {
    const asked = (origin: string) => claims.send("GET", "/api/v1/claims", { headers: { origin } });
    const granted = (await asked("http://localhost:5173")).headers;
    expect(granted.get("access-control-allow-origin")).toBe("http://localhost:5173");
    const refused = (await asked("http://elsewhere.example")).headers;
    expect(refused.get("access-control-allow-origin")).toBeNull();
  });

  test("documents itself at the places that clients know", async () => {
    const document = (await claims.send("GET", "/openapi.json")).json;
    expect(document.openapi).toBe("3.1.0");
    expect(Object.keys(document.paths)).toContain("/api/v1/claims/{claimId}/process");
    const page = await claims.send("GET", "/docs");
    expect([page.status, page.headers.get("location")]).toEqual([302, "/swagger-ui/index.html"]);
  });

  test("counts claims by status and outcome", async () => {
    const { json } = await claims.send(
      "GET",
      "/api/v1/claims/statistics/overview?include_archived=true",
    );
    expect(json).toEqual({
      total_claims: 43,
      pending_claims: 31,
      processing_claims: 0,
      completed_claims: 12,
      failed_claims: 0,
      manual_review_claims: 0,
      pending_info_claims: 0,
      approved_claims: 6,
      denied_claims: 6,
      average_processing_time_ms: null,
      override_rate: 2 / 12,
    });
  });
});
