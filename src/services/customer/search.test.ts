import { describe, expect, test } from "bun:test";
import { useTestService } from "../../../tests/rest.ts";
import { customerService } from "./service.ts";

const service = useTestService(customerService);

const get = (path: string) => service.send("GET", path);
const idsOf = (json: unknown) => (json as { customerId: string }[]).map((row) => row.customerId);
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
