import { afterAll, describe, expect, test } from "bun:test";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase } from "./postgres.ts";
import { root, runListening } from "./program.ts";

/** A folder with the binaries and nothing else: what they need beside them would be missing here. */
const folder = mkdtempSync(join(tmpdir(), "berth-services-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cases = [
  {
    name: "customer-api",
    request: new Request("http://localhost/api/customers?contactEmail=thomashardy%40example.com"),
    answer: [expect.objectContaining({ customerId: "AROUT", companyName: "Around the Horn" })],
    invalid: "/api/customers?limit=0",
    refusal: 400,
  },
  {
    name: "finance-api",
    request: new Request("http://localhost/api/finance/orders/history", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"customerId":"AROUT","limit":10}',
    }),
    answer: {
      data: [8, 3, 4].map((id) => expect.objectContaining({ id, customerId: "AROUT" })),
      success: true,
      count: 3,
      message: "Order history retrieved successfully",
    },
    invalid: "/api/finance/orders?limit=x",
    refusal: 400,
  },
  {
    name: "claims-api",
    request: new Request("http://localhost/api/v1/claims?search=CLM-2025-0008"),
    answer: expect.objectContaining({
      total: 1,
      claims: [expect.objectContaining({ user_id: "USR008", status: "pending" })],
    }),
    invalid: "/api/v1/claims?page=0",
    refusal: 422,
  },
];

describe.each(cases)("dist/$name", ({ name, request, answer, invalid, refusal }) => {
  test("migrates, seeds, answers, refuses, documents itself and stops, from a folder of its own", async () => {
    cpSync(join(root, "dist", name), join(folder, name));
    const database = await createTestDatabase();
    const service = await runListening([
      "sh",
      "-c",
      `cd ${folder} && exec ./${name} --port 0 --database-url "$0"`,
      database.url,
    ]);
    const get = (path: string) => fetch(service.url + path);
    while ((await get("/actuator/health/readiness")).status !== 200) await Bun.sleep(10);
    const { pathname, search } = new URL(request.url);
    const answered = await fetch(new Request(service.url + pathname + search, request));
    expect<unknown>(await answered.json()).toEqual(answer);
    expect((await get(invalid)).status).toBe(refusal);
    expect((await get("/nope")).status).toBe(404);
    const page = await get("/swagger-ui.html");
    expect(await page.text()).toContain("swagger-ui-bundle.js");
    const bundle = await get("/swagger-ui/swagger-ui-bundle.js");
    expect((await bundle.text()).length).toBeGreaterThan(1_000_000);
    service.kill("SIGTERM");
    expect(await service.exited).toBe(0);
    await database.drop();
  }, 30_000);
});
