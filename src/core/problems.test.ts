import { expect, test } from "bun:test";
import * as z from "zod";
import { findProblems, type ProblemNames } from "./problems.ts";

const names: ProblemNames = { whole: "the value", unknown: (path) => `${path} is no known key` };
const row = z.strictObject({ kind: z.enum(["x", "y"]), day: z.iso.date().nullish() });
const kinds = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("x"), x: z.int() }),
  z.object({ kind: z.literal("y") }),
]);

test.each<[z.ZodType, unknown, string[]]>([
  [z.string(), 7, ["the value is a number; expected a text"]],
  [z.string(), undefined, ["the value is missing; expected a text"]],
  [z.object({ a: z.string() }), null, ["the value is null; expected an object"]],
  [z.boolean(), "hunter2", ["the value is a text; expected true or false"]],
  [z.int(), 2.5, ["the value is 2.5; expected a whole number"]],
  [z.int().max(50), 51, ["the value is 51; expected at most 50"]],
  [z.number().gt(0), 0, ["the value is 0; expected more than 0"]],
  [z.number().multipleOf(5), 7, ["the value is 7; expected a multiple of 5"]],
  [z.string().min(1), "", ["the value has 0 characters; expected at least 1"]],
  [z.string().length(3), "a", ["the value has 1 character; expected exactly 3"]],
  [z.array(z.int()).max(1), [1, 2], ["the value has 2 items; expected at most 1"]],
  [z.literal("on"), "off", ['the value is "off"; expected "on"']],
  [z.email(), "x".repeat(70), [`the value is "${"x".repeat(60)}…"; expected an e-mail address`]],
  [z.url(), "x", ['the value is "x"; expected a URL']],
  [z.string().regex(/^a/), "b", ['the value is "b"; expected a text that matches /^a/']],
  [z.string().startsWith("a"), "b", ['the value is "b"; expected a text that begins with "a"']],
  [z.union([z.string(), z.null()]), 7, ["the value is a number; expected a text or null"]],
  [z.record(z.string().max(1), z.int()), { ab: 1 }, ["ab has 2 characters; expected at most 1"]],
  [
    z.object({ rows: z.array(row) }),
    { rows: [{ kind: "z" }, { day: "2025-02-30", more: 1 }, 3] },
    [
      'rows[0].kind is "z"; expected one of "x", "y"',
      'rows[1].kind is missing; expected one of "x", "y"',
      'rows[1].day is "2025-02-30"; expected a date, YYYY-MM-DD',
      "rows[1].more is no known key",
      "rows[2] is a number; expected an object",
    ],
  ],
  [z.number(), JSON.parse("1e999"), ["the value is Infinity; expected a finite number"]],
  [kinds, { kind: "z" }, ['kind is "z"; expected one of "x", "y"']],
  [kinds, {}, ['kind is missing; expected one of "x", "y"']],
  // A schema's own words stand.
  [z.object({ a: z.int("expected a port") }), { a: "x" }, ["a: expected a port"]],
  // Of the branches the one that got furthest is the one that was meant.
  [
    z.union([z.string(), z.object({ file: z.string() })]),
    { file: 7 },
    ["file is a number; expected a text"],
  ],
])("%# names the path, what is there and what was expected", (schema, value, problems) => {
  expect(findProblems(schema, value, names)).toEqual({ problems, error: expect.any(z.ZodError) });
});

test("a million problems are counted, and eight of them told", () => {
  const schema = z.union([z.boolean(), z.array(z.string())]);
  const told = findProblems(schema, Array<number>(1_000_000).fill(7), names);
  const first = Array.from({ length: 8 }, (_, at) => `[${at}] is a number; expected a text`);
  expect(told).toMatchObject({ problems: [...first, "and 999992 more"] });
});

test("of keys and texts only the beginning is told, on one line and without half a character", () => {
  const schema = z.strictObject({ day: z.iso.date() });
  const value = { day: `${"x".repeat(59)}😀😀`, ["k".repeat(5_000_000)]: 1, "a\nb": 1 };
  expect(findProblems(schema, value, names)).toMatchObject({
    problems: [
      `day is "${"x".repeat(59)}…"; expected a date, YYYY-MM-DD`,
      `${"k".repeat(60)}… is no known key`,
      '"a\\nb" is no known key',
    ],
  });
});

test("a value that fits is answered as the schema makes it", () => {
  const schema = z.object({ a: z.int().default(1) });
  expect(findProblems(schema, {}, names)).toEqual({ value: { a: 1 } });
});
