import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { openTestClaims, samplePdf, type TestClaims } from "../../../tests/claims.ts";

let claims: TestClaims;
beforeAll(async () => {
  claims = await openTestClaims();
}, 60_000);
afterAll(() => claims.close());

const file = (name: string) => new File([samplePdf(name)], `${name}.pdf`);

test.each([
  ["twice under its name", ["file", "file"], "file"],
  ["under another name", ["file", "invoice"], "invoice"],
  ["under another name before it", ["photo", "file"], "photo"],
  ["under a hostile name", ["file", `"\u202e${"x".repeat(500)}`], `"\u202e${"x".repeat(78)}`],
])("a second file %s is refused by its field, and nothing is stored", async (_, fields, named) => {
  const body = new FormData();
  for (const [index, field] of fields.entries()) body.append(field, file(`part ${index}`));
  const { status, json } = await claims.send("POST", "/api/v1/documents", { body });
  const [{ loc, msg, type }] = json.detail;
  const place = `field ${JSON.stringify(loc[1])} holds another file`;
  expect({ status, loc, msg, type }).toEqual({
    status: 422,
    loc: ["body", expect.any(String)],
    msg: `Cannot take the form: ${place}; send one, as "file"`,
    type: "too_many_files",
  });
  // How the quotation mark of a name is written in a form is the client's.
  expect(loc[1].replace(/^(?:%22|\\")/, '"').startsWith(named.slice(0, 70))).toBe(true);
  const folder = join(claims.documents, "uploads");
  expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
});

test("fields of text beside the file do not matter", async () => {
  const body = new FormData();
  body.set("comment", "the file is below");
  body.set("file", file("one"));
  expect((await claims.send("POST", "/api/v1/documents", { body })).status).toBe(201);
});
