import { afterAll, beforeAll, expect, test } from "bun:test";
import fc from "fast-check";
import { adminToken, openTestClaims, type TestClaims } from "../../../tests/claims.ts";
import { insides } from "../../../tests/claimsInsides.ts";

// Every documented operation, with what its schema does not allow. CLAIMS_FUZZ_RUNS=1000 makes it the long version.

const runs = Number(process.env.CLAIMS_FUZZ_RUNS ?? 25);

let claims: TestClaims;
beforeAll(async () => {
  claims = await openTestClaims();
}, 60_000);
afterAll(() => claims.close());

interface Described {
  parameters: { name: string; in: string }[];
  requestBody?: { content: Record<string, { example?: Record<string, unknown> }> };
}

const nasty = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "\0",
    "\ud800",
    "-1",
    "0",
    "1e309",
    "99999999999999999999",
    "null",
    "' or 1=1 --",
    "../../etc/passwd",
    "%00",
    "<script>",
    "x".repeat(4_000),
    "00000000-0000-4000-8000-000000000000",
    "Ω≈ç√∫",
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
);
const value = fc.oneof(
  nasty,
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(1e308, -0, 2 ** 53, true, [], {}, null),
);

/** A request to an operation: a real claim now and then, so that more than the path is looked at. */
function requestTo(method: string, path: string, operation: Described, known: string) {
  const segment = fc.oneof(fc.constant(known), nasty);
  const names = operation.parameters.filter((it) => it.in === "query").map(({ name }) => name);
  const example = Object.values(operation.requestBody?.content ?? {})[0]?.example;
  const body = fc.oneof(
    value.map((it) => JSON.stringify(it)),
    nasty,
    fc
      .record(Object.fromEntries(Object.keys(example ?? {}).map((name) => [name, value])), {
        requiredKeys: [],
      })
      .map((change) => JSON.stringify({ ...example, ...change })),
  );
  return fc
    .record({
      segments: fc.array(segment, { minLength: 3, maxLength: 3 }),
      query: fc.dictionary(fc.constantFrom(...names, "other"), nasty, { maxKeys: 3 }),
      body: operation.requestBody ? fc.option(body, { nil: undefined }) : fc.constant(undefined),
      type: fc.constantFrom(
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
        "é",
      ),
    })
    .map(({ segments, query, body: text, type }) => {
      let index = 0;
      const filled = path.replace(/\{\w+\}/g, () =>
        encodeURIComponent(`${segments[index++]}`.toWellFormed()),
      );
      const wellFormed = Object.entries(query).map(([name, text]) => [name, text.toWellFormed()]);
      const search = new URLSearchParams(wellFormed);
      // Streams do not end, and a reset would take the known claim away.
      return { method, path: `${filled}?${search}`, text, type };
    });
}

test("whatever is sent to any operation, the answer is no failure of ours and shows none of our insides", async () => {
  const document = (await claims.send("GET", "/openapi.json")).json;
  const known = await claims.claimId("2025-0001");
  const seen: string[] = [];
  for (const [path, methods] of Object.entries<Record<string, Described>>(document.paths)) {
    if (path.endsWith("/events") || path.endsWith("/reset-database")) continue;
    for (const [method, operation] of Object.entries(methods)) {
      const requests = fc.sample(requestTo(method.toUpperCase(), path, operation, known), {
        numRuns: runs,
        seed: 6,
      });
      for (const { text, type, ...request } of requests) {
        const headers = text === undefined || type === "é" ? {} : { "content-type": type };
        const answer = await claims.send(request.method, request.path, {
          body: text,
          headers,
          token: adminToken,
        });
        const isWorded = answer.status < 400 || answer.json?.detail !== undefined;
        if (answer.status >= 500 || !isWorded || insides.test(answer.text)) {
          seen.push(
            `${request.method} ${request.path.slice(0, 200)} ${text?.slice(0, 200)}: ${answer.status} ${answer.text.slice(0, 300)}`,
          );
        }
      }
    }
  }
  expect(seen).toEqual([]);
}, 120_000);
