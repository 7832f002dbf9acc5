import { expect, test } from "bun:test";
import { addErrors, canonical, countErrors, noErrors } from "./ocrErrors.ts";

test("spaces, quotes, dashes and leading dots do not count as errors", () => {
  expect(canonical("  “L’été” –\nDate ........ 3 mai\u00a02025 ")).toBe(
    '"L\'été" - Date 3 mai 2025',
  );
});

test.each([
  ["the same", "one two three", "one two three", 0, 0],
  ["a wrong letter", "one twq three", "one two three", 1, 1],
  ["a word too many", "one two two three", "one two three", 4, 1],
  ["a word lost", "one three", "one two three", 4, 1],
  ["two words run together", "onetwo three", "one two three", 1, 2],
  ["nothing read", "", "one two three", 13, 3],
])("%s", (_, read, printed, characterErrors, wordErrors) => {
  const expected = { ...noErrors, characters: 13, words: 3, characterErrors, wordErrors };
  expect(countErrors(read, printed)).toEqual(expected);
});

test("fields are found as they are printed, and counts add up", () => {
  const first = countErrors("Total 1 240,00 €", "Total 1 240,00 €", ["1 240,00 €", "Total"]);
  const second = countErrors("Total 1 240.00 €", "Total 1 240,00 €", ["1 240,00 €"]);
  expect(addErrors(first, second)).toEqual({
    characters: 32,
    characterErrors: 1,
    words: 8,
    wordErrors: 1,
    fields: 3,
    fieldsFound: 2,
  });
});
