import { describe, expect, test } from "bun:test";
import { useTestService } from "../../../tests/rest.ts";
import { customerService } from "./service.ts";

const service = useTestService(customerService);

const get = (path: string) => service.send("GET", path);
const post = (body: unknown) => service.send("POST", "/api/customers", { body });
const put = (id: string, body: unknown) => service.send("PUT", `/api/customers/${id}`, { body });
const idsOf = (json: unknown) => (json as { customerId: string }[]).map((row) => row.customerId);
const unknownId = (id: string) => ({
  timestamp: expect.any(String),
  status: 404,
  error: "Not Found",
  message: `Customer with ID ${id} not found`,
  errors: null,
});
const localDateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,5}[1-9])?$/;

describe("GET /api/customers/{customerId}", () => {
  test.each(["NOONE", "arout", "AROUT%20", "x".repeat(300), "a%2Fb", "%00", "100%25"])(
    "%s is unknown, whatever its form",
    async (id) => {
      const answer = await get(`/api/customers/${id}`);
      expect([answer.status, answer.json]).toEqual([404, unknownId(decodeURIComponent(id))]);
      expect(Object.keys(answer.json as object)).toEqual([
        "timestamp",
        "status",
        "error",
        "message",
        "errors",
      ]);
    },
  );

  test("a malformed percent-encoding is unknown, too", async () => {
    const answer = await get("/api/customers/%zz");
    expect([answer.status, answer.json]).toEqual([404, unknownId("%zz")]);
  });
});

describe("POST /api/customers", () => {
  test("creates, says where, and answers what a later GET returns", async () => {
    const created = await post({
      customerId: "NEW 1",
      companyName: "  Café %_\\ 'quoted' ",
      contactEmail: "josé@müller",
      phone: 5.5e3,
      fax: true,
      junk: { ignored: [] },
    });
    expect(created.status).toBe(201);
    expect(created.headers.get("location")).toBe("http://localhost/api/customers/NEW%201");
    expect(created.json).toEqual({
      customerId: "NEW 1",
      companyName: "  Café %_\\ 'quoted' ",
      contactName: null,
      contactTitle: null,
      address: null,
      city: null,
      region: null,
      postalCode: null,
      country: null,
      phone: "5500",
      fax: "true",
      contactEmail: "josé@müller",
      createdAt: expect.stringMatching(localDateTime),
      updatedAt: (created.json as { createdAt: string }).createdAt,
    });
    expect((await get("/api/customers/NEW%201")).text).toBe(created.text);
    expect(idsOf((await get("/api/customers?companyName=%25_%5C%20'QUOT")).json)).toEqual([
      "NEW 1",
    ]);
  });

  test("a number keeps its own digits in a text field", async () => {
    const answer = await service.send("POST", "/api/customers", {
      body: '{"customerId":12345,"companyName":1.50,"phone":12345678901234567890}',
    });
    expect(answer.json).toMatchObject({
      customerId: "12345",
      companyName: "1.50",
      phone: "12345678901234567890",
    });
  });

  test("a taken id is a conflict, after the body's own checks", async () => {
    const taken = await post({ customerId: "AROUT", companyName: "Again" });
    expect([taken.status, taken.json]).toEqual([
      409,
      {
        timestamp: expect.any(String),
        status: 409,
        error: "Conflict",
        message: "Customer with ID AROUT already exists",
        errors: null,
      },
    ]);
    expect((await post({ customerId: "AROUT" })).status).toBe(400);
  });

  test("of many callers with one id exactly one wins", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        post({ customerId: "RACE1", companyName: `Racer ${index}` }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(19).fill(409)]);
    const messages = answers.flatMap(({ status, json }) =>
      status === 409 ? [(json as { message: string }).message] : [],
    );
    for (const message of messages) {
      expect([
        "Customer with ID RACE1 already exists",
        "Data integrity violation - possibly duplicate customer ID",
      ]).toContain(message);
    }
  });
});

describe("PUT and DELETE /api/customers/{customerId}", () => {
  test("PUT replaces the whole record, keeps the creation and ignores the id in the body", async () => {
    const before = (await get("/api/customers/BERGS")).json as { createdAt: string };
    const replaced = await put("BERGS", { customerId: "OTHER", companyName: "Berglund" });
    expect(replaced.json).toEqual({
      customerId: "BERGS",
      companyName: "Berglund",
      contactName: null,
      contactTitle: null,
      address: null,
      city: null,
      region: null,
      postalCode: null,
      country: null,
      phone: null,
      fax: null,
      contactEmail: null,
      createdAt: before.createdAt,
      updatedAt: expect.stringMatching(localDateTime),
    });
    const { updatedAt } = replaced.json as { updatedAt: string };
    expect(updatedAt > before.createdAt).toBe(true);
    expect((await get("/api/customers/BERGS")).text).toBe(replaced.text);
  });

  test("the body is checked before the customer is looked up", async () => {
    expect((await put("NOONE", {})).status).toBe(400);
    const answer = await put("NOONE", { companyName: "x" });
    expect([answer.status, answer.json]).toEqual([404, unknownId("NOONE")]);
  });

  test("DELETE removes for good with an empty answer, once", async () => {
    const removed = await service.send("DELETE", "/api/customers/BLAUS");
    expect([removed.status, removed.text]).toEqual([204, ""]);
    const again = await service.send("DELETE", "/api/customers/BLAUS");
    expect([again.status, again.json]).toEqual([404, unknownId("BLAUS")]);
  });
});
