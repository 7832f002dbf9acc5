import { expect, test } from "bun:test";
import { findFields } from "./fields.ts";
import type { PageText, Word } from "./model.ts";

/** A page of rows; a word is as sure as it is told after a bar, or entirely. */
function pageOf(rows: readonly string[]): PageText {
  const words = rows.flatMap((row, line) =>
    row.split(" ").map((told, place): Word => {
      const [text = "", confidence = "1"] = told.split("|");
      const box = { x0: place * 100, y0: line * 30, x1: place * 100 + 95, y1: line * 30 + 20 };
      return { text, confidence: Number(confidence), box, upright: box, line, paragraph: 0 };
    }),
  );
  const size = { width: 800, height: 1000, rotation: 0, skew: 0 } as const;
  const text = rows.join("\n");
  return {
    ...size,
    page: 1,
    source: "ocr",
    confidence: 1,
    language: "eng",
    text,
    words,
    warnings: [],
  };
}

// The contract number was taken for the policy number, without an issue, because it had been read better.
test.each([
  [["Policy number: POL-88|0.55", "Contract number: CNT-31"], "POL-88", 1],
  [["Policy number: POL-88|0.55", "Contract number: POL-88"], "POL-88", 0],
  [["Policy number: illegible", "Contract number: CNT-31"], "CNT-31", 0],
] as const)("of %j the policy number is %s", (rows, value, issues) => {
  const [field] = findFields([pageOf(rows)]);
  expect([field?.name, field?.value, field?.issues.length]).toEqual([
    "policy_number",
    value,
    issues,
  ]);
});
