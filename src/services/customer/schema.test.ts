import { describe, expect, test } from "bun:test";
import { useTestService } from "../../../tests/rest.ts";
import { customerService } from "./service.ts";

const service = useTestService(customerService);

const post = (body: unknown) => service.send("POST", "/api/customers", { body });
const put = (id: string, body: unknown) => service.send("PUT", `/api/customers/${id}`, { body });

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
    // Half a surrogate pair was stored as U+FFFD.
    for (const text of ["a\0", "a\ud800", "\udc00a"]) {
      const unsupported = await post({ ...valid, [field]: text });
      expect(unsupported.json).toMatchObject({
        errors: [error(field, text, `${label} contains an unsupported character`)],
      });
    }
    const replaced = await put("ALFKI", { companyName: "x", [field]: "x".repeat(limit) });
    expect(replaced.json).toMatchObject({ [field]: "x".repeat(limit) });
  });

  const required = "Customer ID is required";
  const exact = "Customer ID must be exactly 5 characters";
  test.each([
    [{ customerId: "" }, [error("customerId", "", required), error("customerId", "", exact)]],
    [
      { customerId: "ABCD\ud800" },
      [error("customerId", "ABCD\ud800", "Customer ID contains an unsupported character")],
    ],
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
