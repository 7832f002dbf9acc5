import { describe, expect, test } from "bun:test";
import { detectLanguage } from "./language.ts";
import { stemWord } from "./stem.ts";
import { foldText, listCodes, listWords } from "./words.ts";

describe("words", () => {
  test.each([
    ["Œuvre DÉGÂT", "oeuvre degat"],
    ["De\u0301ga\u0302t", "degat"],
    ["Straße Ærø Łódź", "strasse aero lodz"],
    ["ﬁre\u0000\ud800", "fire\u0000\ud800"],
    ["", ""],
  ])("foldText(%j) is %j", (text, folded) => {
    expect(foldText(text)).toBe(folded);
  });

  test("listWords divides at punctuation and apostrophes and keeps digits", () => {
    expect(listWords("L'eau d’abord: CNT-2025-0001!")).toEqual([
      "l",
      "eau",
      "d",
      "abord",
      "cnt",
      "2025",
      "0001",
    ]);
  });

  test("listCodes joins contract numbers, diagnosis codes and dates and leaves words alone", () => {
    const text = "CNT-2025-0001, S52.5 and 2025-03-04 of a well-kept file";
    expect(listCodes(text)).toEqual(["cnt20250001", "s525", "20250304"]);
  });
});

test("listCodes reads a huge word in a time that grows with its length", () => {
  // Tried at each of its characters, this took minutes.
  expect(listCodes(`${"f".repeat(500_000)} CNT-1`)).toEqual(["cnt1"]);
});

describe("detectLanguage", () => {
  test.each([
    ["The policyholder reported the loss to us on the same day.", "en"],
    ["L'assuré a déclaré le sinistre à la compagnie le jour même.", "fr"],
    ["degats dans la cuisine", "fr"],
    ["CNT-2025-0001", undefined],
    ["", undefined],
  ])("of %j is %p", (text, language) => {
    expect(detectLanguage(text)).toBe(language as "en" | "fr" | undefined);
  });
});

describe("stemWord", () => {
  test("gives the forms of one word one stem, with accents folded", () => {
    const french = ["reparation", "reparations", "reparee", "reparees", "repare"];
    expect(french.map((word) => stemWord(word, "fr"))).toEqual(french.map(() => "repar"));
    const english = ["damage", "damages", "damaged", "damaging"];
    expect(english.map((word) => stemWord(word, "en"))).toEqual(english.map(() => "damag"));
  });

  test("leaves codes as they are", () => {
    expect(stemWord("s525", "en")).toBe("s525");
  });
});
