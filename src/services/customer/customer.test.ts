import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { openTestService, type TestService } from "../../../tests/rest.ts";
import { customerService } from "./service.ts";

let service: TestService;

beforeAll(async () => {
  service = await openTestService(customerService);
});

afterAll(() => service.close());

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

describe("GET /api/customers", () => {
  test("answers the documented request with the documented text, key for key", async () => {
    await service.sql`update customer set created_at = '2025-12-13 22:19:49.433401',
      updated_at = '2025-12-13 22:19:49.433401' where customer_id = 'AROUT'`;
    const answer = await get("/api/customers?contactEmail=thomashardy%40example.com");
    expect(answer.text).toBe(
      '[{"customerId":"AROUT","companyName":"Around the Horn","contactName":"Thomas Hardy",' +
        '"contactTitle":"Sales Representative","address":"120 Hanover Sq.","city":"London",' +
        '"region":null,"postalCode":"WA1 1DP","country":"UK","phone":"(171) 555-7788",' +
        '"fax":"(171) 555-6750","contactEmail":"thomashardy@example.com",' +
        '"createdAt":"2025-12-13T22:19:49.433401","updatedAt":"2025-12-13T22:19:49.433401"}]',
    );
    expect(answer.headers.get("x-total-count")).toBe("1");
  });

  test.each([
    ["companyName=around", ["AROUT"]],
    ["contactName=wilson", ["LONEP", "RATTC"]],
    ["companyName=restaur", ["FRANR", "GROSR", "LONEP", "TORTU"]],
    ["phone=030", ["ALFKI"]],
    ["contactName=wilson&phone=503", ["LONEP"]],
    ["companyName=%25", []],
    ["companyName=_", []],
    ["companyName=%5C", []],
    ["companyName='s%20", ["BSBEV", "LETSS", "TRAIH"]],
    ["companyName=';drop table customer;--", []],
    ["companyName=a%00", []],
    ["contactName=MART%C3%8DN", ["BOLID"]],
    ["contactName=MARTIN", ["FOLIG"]],
    ["companyName=around&companyName=horn", []],
    ["companyName=[1]", []],
    ["companyName={}", []],
    ["companyName=%20around", []],
    ["companyName=around%20the", ["AROUT"]],
    ["companyName=around+the", ["AROUT"]],
    ["unknown=1&companyName=around", ["AROUT"]],
  ])("%s finds %p", async (query, expected) => {
    const answer = await get(`/api/customers?${query}`);
    expect([answer.status, idsOf(answer.json)]).toEqual([200, expected]);
  });

  test("phone=555 finds 43 customers", async () => {
    const answer = await get("/api/customers?phone=555");
    expect([idsOf(answer.json).length, answer.headers.get("x-total-count")]).toEqual([43, "43"]);
  });

  test.each(["", "?companyName=", "?companyName=%20%09&phone="])(
    "%p returns all rows by id",
    async (query) => {
      const ids = idsOf((await get(`/api/customers${query}`)).json);
      expect(ids).toHaveLength(91);
      expect(ids).toEqual([...ids].sort());
    },
  );

  test("pages of every size walk through all matches once", async () => {
    const all = idsOf((await get("/api/customers?phone=555")).json);
    for (const limit of [1, 7, 43, 1000]) {
      const walked: string[] = [];
      for (let offset = 0; offset < all.length; offset += limit) {
        const page = await get(`/api/customers?phone=555&limit=${limit}&offset=${offset}`);
        expect(page.headers.get("x-total-count")).toBe("43");
        walked.push(...idsOf(page.json));
      }
      expect(walked).toEqual(all);
    }
  });

  test("offset alone skips, and past the end there is nothing left but the count", async () => {
    const answers = await Promise.all(
      ["?offset=90", "?offset=91", "?limit=5&offset=99999999999999999999"].map((query) =>
        get(`/api/customers${query}`),
      ),
    );
    expect(answers.map(({ json, headers }) => [idsOf(json), headers.get("x-total-count")])).toEqual(
      [
        [["WOLZA"], "91"],
        [[], "91"],
        [[], "91"],
      ],
    );
  });

  test.each([
    ["limit=0", "limit", "0"],
    ["limit=1001", "limit", "1001"],
    ["limit=ten", "limit", "ten"],
    ["limit=", "limit", ""],
    ["offset=-1", "offset", "-1"],
    ["offset=1.5", "offset", "1.5"],
  ])("%s is a validation failure", async (query, field, rejectedValue) => {
    const range = field === "limit" ? "from 1 to 1000" : "of 0 or more";
    const answer = await get(`/api/customers?${query}`);
    expect(answer.json).toEqual({
      timestamp: expect.stringMatching(localDateTime),
      status: 400,
      error: "Bad Request",
      message: "Validation failed",
      errors: [{ field, rejectedValue, message: `${field} must be a whole number ${range}` }],
    });
  });
});

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

describe("the checks of a body", () => {
  const valid = { customerId: "VALID", companyName: "Valid" };
  const error = (field: string, rejectedValue: string, message: string) => ({
    field,
    rejectedValue,
    message,
  });
  const limits: [string, string, number][] = [
    ["companyName", "Company name", 40],
    ["contactName", "Contact name", 30],
    ["contactTitle", "Contact title", 30],
    ["address", "Address", 60],
    ["city", "City", 15],
    ["region", "Region", 15],
    ["postalCode", "Postal code", 10],
    ["country", "Country", 15],
    ["phone", "Phone", 24],
    ["fax", "Fax", 24],
  ];

  test.each(limits)("%s has its length counted in UTF-16 units", async (field, label, limit) => {
    const tooLong = "x".repeat(limit + 1);
    const pairs = "😀".repeat(limit / 2 + 1);
    for (const value of [tooLong, pairs]) {
      const answer = await post({ ...valid, [field]: value });
      expect(answer.json).toMatchObject({
        errors: [error(field, value, `${label} must not exceed ${limit} characters`)],
      });
    }
    const nul = await post({ ...valid, [field]: "a\0" });
    expect(nul.json).toMatchObject({
      errors: [error(field, "a\0", `${label} contains an unsupported character`)],
    });
    const replaced = await put("ALFKI", { companyName: "x", [field]: "x".repeat(limit) });
    expect(replaced.json).toMatchObject({ [field]: "x".repeat(limit) });
  });

  const required = "Customer ID is required";
  const exact = "Customer ID must be exactly 5 characters";
  test.each([
    [{ customerId: "" }, [error("customerId", "", required), error("customerId", "", exact)]],
    [{ customerId: null }, [error("customerId", "null", required)]],
    [{ customerId: undefined }, [error("customerId", "null", required)]],
    [{ customerId: "     " }, [error("customerId", "     ", required)]],
    [{ customerId: "LONGER" }, [error("customerId", "LONGER", exact)]],
    [{ companyName: "\t\n " }, [error("companyName", "\t\n ", "Company name is required")]],
    [
      { contactEmail: "not an address" },
      [error("contactEmail", "not an address", "Contact email must be valid")],
    ],
    [
      { contactEmail: `a@${"b".repeat(254)}` },
      [
        error(
          "contactEmail",
          `a@${"b".repeat(254)}`,
          "Contact email must not exceed 255 characters",
        ),
      ],
    ],
    [
      { customerId: "", companyName: "", fax: "1".repeat(25), city: "c".repeat(16) },
      [
        error("customerId", "", required),
        error("customerId", "", exact),
        error("companyName", "", "Company name is required"),
        error("city", "c".repeat(16), "City must not exceed 15 characters"),
        error("fax", "1".repeat(25), "Fax must not exceed 24 characters"),
      ],
    ],
  ])("%j is refused with its messages in order", async (fields, errors) => {
    const answer = await post({ ...valid, ...fields });
    expect([answer.status, answer.json]).toEqual([
      400,
      {
        timestamp: expect.any(String),
        status: 400,
        error: "Bad Request",
        message: "Validation failed",
        errors,
      },
    ]);
  });

  test("an optional field may be null, empty or blank", async () => {
    const answer = await put("ANATR", {
      companyName: "Ana",
      city: "",
      fax: null,
      contactEmail: "",
    });
    expect(answer.json).toMatchObject({ city: "", fax: null, contactEmail: "", region: null });
  });

  test.each([
    ["a@b", true],
    ["josé.muñoz@example.com", true],
    [`${"l".repeat(64)}@example.com`, true],
    [`${"l".repeat(65)}@example.com`, false],
    ['"quoted local"@example.com', true],
    ["a@[192.0.2.1]", true],
    ["a..b@example.com", false],
    [".a@example.com", false],
    ["a@-b.com", false],
    ["a@b..c", false],
    ["@b", false],
    ["a@", false],
    ["a b@c", false],
    ["  ", false],
  ])("the address %p is valid: %p", async (contactEmail, isValid) => {
    const answer = await put("ANTON", { companyName: "Antonio", contactEmail });
    expect(answer.status).toBe(isValid ? 200 : 400);
  });

  test.each([
    "",
    "{",
    "null",
    "[]",
    '"text"',
    "[".repeat(100_000),
    '{"customerId":{},"companyName":"x"}',
    '{"customerId":"VALID","companyName":["x"]}',
    '{"customerId":"VALID","companyName":"x","phone":{"a":1}}',
  ])("the body %.40p is malformed", async (body) => {
    const answer = await service.send("POST", "/api/customers", { body });
    expect([answer.status, answer.json]).toEqual([
      400,
      {
        timestamp: expect.any(String),
        status: 400,
        error: "Bad Request",
        message: "Malformed JSON request",
        errors: null,
      },
    ]);
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
