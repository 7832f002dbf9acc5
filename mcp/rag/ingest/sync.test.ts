import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "../../../src/core/log.ts";
import { openUpstream } from "../../../src/core/upstream.ts";
import { runToEnd } from "../../../tests/program.ts";
import { article, change, type Item, precedent } from "../../../tests/rag-changes.ts";
import { builtinSource } from "../embed/builtin.ts";
import { openStore } from "../store/open.ts";
import type { StoredDocument } from "../store/port.ts";
import { startPeriodicSync } from "./periodicSync.ts";

const base = mkdtempSync(join(tmpdir(), "berth-sync-"));
afterAll(() => rmSync(base, { recursive: true }));

/** The claims service's changes by kind, oldest first; a cursor is the number of changes that were seen. */
let changes: Record<string, Item[]>;
let asked: string[];
/** What the stub answers instead, when set. */
let refusal: Response | undefined;

const service = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: (request) => {
    const { pathname, searchParams } = new URL(request.url);
    asked.push(`${request.headers.get("authorization")} ${pathname}?${searchParams}`);
    if (refusal) return refusal.clone();
    const after = searchParams.get("after");
    if (after === "stale") return Response.json({ detail: [] }, { status: 422 });
    const start = Number(after ?? 0);
    const all = changes[pathname.split("/").at(-1) ?? ""] ?? [];
    // Two a page, so that paging is seen.
    const items = all.slice(start, start + 2);
    return Response.json({
      items,
      next_cursor: items.length > 0 ? `${start + items.length}` : null,
    });
  },
});
afterAll(() => service.stop(true));

let db = "";
beforeEach(() => {
  db = join(mkdtempSync(join(base, "index-")), "index.db");
  asked = [];
  refusal = undefined;
  changes = {
    users: [
      change("u-1", { user_id: "USR001", email: "nora@example.com", full_name: "Nora Whitfield" }),
    ],
    contracts: [
      change("c-1", {
        user_id: "USR001",
        contract_number: "CNT-2025-0001",
        contract_type: "Health Insurance",
        coverage_amount: 50000,
        full_text: "Covers medical services.",
        key_terms: { copay_amount: 20 },
        exclusions: ["cosmetic surgery"],
      }),
    ],
    precedents: [
      change("p-1", precedent("CLM-2024-0001", "Burst pipe in the kitchen.")),
      change("p-2", precedent("CLM-2024-0002", null)),
      change("p-3", precedent("CLM-2024-0003", "Hail on the parked car.")),
    ],
    articles: [
      change("a-1", article("Flood", "Floods are excluded.", { expiry_date: "2025-12-31" })),
      change("a-2", article("Old", "Nobody reads this.", { is_active: false })),
    ],
  };
});

async function sync(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const server = join(import.meta.dir, "..", "server.ts");
  const url = ["--claims-api-base-url", `${service.url}`];
  return runToEnd([process.execPath, server, "sync", "--db", db, ...url, ...words]);
}

async function documents(collection: string): Promise<StoredDocument[]> {
  const store = await openStore(db);
  const all = await store.listDocuments(collection, {}, 100);
  await store.close();
  return all;
}

const ids = async (collection: string) =>
  (await documents(collection)).map(({ sourceId }) => sourceId);

describe("rag-mcp sync", () => {
  test("copies the four kinds, page by page, as the tools read them", async () => {
    const { code, stdout, stderr } = await sync();
    expect({ code, stderr, lines: stdout.trim().split("\n") }).toEqual({
      code: 0,
      stderr: "",
      lines: [
        "users: 1 written, 0 unchanged, 0 deleted",
        "contracts: 1 written, 0 unchanged, 0 deleted",
        "claims: 3 written, 0 unchanged, 0 deleted",
        "knowledge_base: 1 written, 0 unchanged, 0 deleted",
        expect.stringMatching(/^5 vectors of "built-in-/),
      ],
    });
    expect(asked.filter((line) => line.includes("precedents"))).toEqual([
      "null /api/v1/internal/sync/precedents?limit=200",
      "null /api/v1/internal/sync/precedents?after=2&limit=200",
      "null /api/v1/internal/sync/precedents?after=3&limit=200",
    ]);
    expect(await documents("users")).toEqual([
      {
        collection: "users",
        sourceId: "USR001",
        contentHash: expect.any(String),
        title: "USR001",
        source: "claims-service/users/USR001",
        facets: { row_id: "u-1" },
        metadata: changes.users?.[0] as Item,
      },
    ]);
    expect(await documents("knowledge_base")).toEqual([
      {
        collection: "knowledge_base",
        sourceId: "a-1",
        contentHash: expect.any(String),
        title: "Flood",
        source: "claims-service/articles/a-1",
        facets: { category: "coverage", row_id: "a-1" },
        validUntil: "2025-12-31",
        metadata: changes.articles?.[0] as Item,
      },
    ]);
    const [contract] = await documents("contracts");
    expect(contract?.facets).toEqual({ user_id: "USR001", row_id: "c-1" });
    const [claim] = await documents("claims");
    expect([claim?.facets, claim?.occurredAt]).toEqual([
      { type: "home", decision: "deny", row_id: "p-1" },
      "2024-05-01T00:00:00Z",
    ]);
  });

  test("goes on from the last change: what changed is written, what was deleted or is inactive goes", async () => {
    await sync();
    asked = [];
    changes.precedents?.push(
      change("p-1", {}, true),
      change("p-3", precedent("CLM-2024-0003", "Hail on two cars.")),
    );
    changes.articles?.push(change("a-1", article("Flood", "Gone.", { is_active: false })));
    // The row was made anew under the same user id, and its old one reported gone after it.
    changes.users?.push(change("u-2", { user_id: "USR001" }), change("u-1", {}, true));
    const { stdout } = await sync();
    expect(stdout.split("\n").slice(0, 4)).toEqual([
      "users: 1 written, 0 unchanged, 1 deleted",
      "contracts: 0 written, 0 unchanged, 0 deleted",
      "claims: 1 written, 0 unchanged, 1 deleted",
      "knowledge_base: 0 written, 0 unchanged, 1 deleted",
    ]);
    expect(asked[0]).toBe("null /api/v1/internal/sync/users?after=1&limit=200");
    expect([await ids("users"), await ids("claims"), await ids("knowledge_base")]).toEqual([
      ["USR001"],
      ["p-2", "p-3"],
      [],
    ]);
  });

  test("--full drops what the service no longer lists, as does a cursor that it refuses", async () => {
    await sync();
    changes.precedents?.shift();
    expect((await sync("--full")).stdout).toContain("claims: 0 written, 2 unchanged, 1 deleted");
    changes.precedents?.shift();
    const store = await openStore(db);
    await store.saveCursor("claims:precedents", "stale");
    await store.close();
    expect((await sync()).stdout).toContain("claims: 0 written, 1 unchanged, 1 deleted");
    expect(await ids("claims")).toEqual(["p-3"]);
  });

  test("passes over a record that is not of the agreed form, and keeps what it had of it", async () => {
    await sync();
    changes.articles = [change("a-1", { title: 7 }), change("a-3", article("New", "Text.", {}))];
    const { code, stdout } = await sync("--full", "--json");
    expect({ code, report: JSON.parse(stdout).collections[3] }).toEqual({
      code: 1,
      report: {
        collection: "knowledge_base",
        written: 1,
        unchanged: 0,
        deleted: 0,
        skipped: ["a-1"],
      },
    });
    expect(await ids("knowledge_base")).toEqual(["a-1", "a-3"]);
  });

  test.each([
    ["a refused token", new Response("", { status: 401 }), "Cannot sync users: HTTP 401"],
    [
      "a strange answer",
      new Response("[]"),
      "Cannot sync users: the claims service's answer is no page of changes",
    ],
  ])("%s ends it with what is wrong", async (_, answer, message) => {
    refusal = answer;
    expect(await sync()).toEqual({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining(message),
    });
  });
});

test("a service that is not there is named with the reason", async () => {
  const address = ["--claims-api-base-url", "http://127.0.0.1:9"];
  const program = [process.execPath, join(import.meta.dir, "../server.ts"), "sync", "--db", db];
  expect(await runToEnd([...program, ...address])).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "Cannot sync users: claims service: connection refused\nhint: Look at the claims service, CLAIMS_API_BASE_URL and CLAIMS_API_TOKEN.\n",
  });
});

test("the server's own sync reads everything first, then follows, and survives a service that is away", async () => {
  const store = await openStore(db);
  const claims = openUpstream({
    name: "claims service",
    baseUrl: service.url.href.replace(/\/$/, ""),
  });
  refusal = new Response("", { status: 503 });
  const parts = { store, source: builtinSource, claims };
  const periodic = startPeriodicSync(parts, 0.05, createLogger("test", "silent"));
  while (asked.length === 0) await Bun.sleep(5);
  refusal = undefined;
  while ((await store.stats()).model === null) await Bun.sleep(5);
  changes.articles?.push(change("a-9", article("Hail", "Hail is covered.", {})));
  while (!(await store.findDocument("knowledge_base", "a-9"))) await Bun.sleep(5);
  await periodic.stop();
  // The first round that reached the service asked without a cursor, a later one from the last change.
  const articles = asked.filter((line) => line.includes("articles"));
  expect(articles[0]).toBe("null /api/v1/internal/sync/articles?limit=200");
  expect(articles).toContain("null /api/v1/internal/sync/articles?after=2&limit=200");
  await store.close();
});
