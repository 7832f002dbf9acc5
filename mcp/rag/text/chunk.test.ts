import { describe, expect, test } from "bun:test";
import { chunkBlocks } from "./chunk.ts";
import type { Block } from "./extracted.ts";

const sentence = (at: number) => `Sentence number ${at} tells of the water in the house.`;
const paragraph = (text: string): Block => ({ kind: "paragraph", text });
const heading = (text: string, level: number): Block => ({ kind: "heading", text, level });

describe("chunkBlocks", () => {
  test("begins a chunk at each heading, keeps its path, and keeps a heading that has no text", () => {
    const { text, chunks } = chunkBlocks([
      paragraph("Before all."),
      heading("Home", 1),
      heading("Flood", 2),
      { ...paragraph("Le contrat ne couvre pas la crue de la rivière."), page: 3 },
      heading("Fire", 2),
      heading("Auto", 1),
      paragraph("30 days"),
    ]);
    expect(
      chunks.map(({ text, headings, language, page }) => ({ text, headings, language, page })),
    ).toEqual([
      { text: "Before all.", headings: [], language: "en", page: undefined },
      {
        text: "Le contrat ne couvre pas la crue de la rivière.",
        headings: ["Home", "Flood"],
        language: "fr",
        page: 3,
      },
      { text: "Fire", headings: ["Home", "Fire"], language: "fr", page: undefined },
      { text: "30 days", headings: ["Auto"], language: "fr", page: undefined },
    ]);
    expect(chunks.map(({ startOffset, endOffset }) => text.slice(startOffset, endOffset))).toEqual(
      chunks.map((chunk) => chunk.text),
    );
  });

  test("divides long text between sentences, with whole sentences repeated, and loses none", () => {
    const blocks = Array.from({ length: 12 }, (_, p) =>
      paragraph(Array.from({ length: 7 }, (_, s) => sentence(p * 7 + s)).join(" ")),
    );
    const { text, chunks } = chunkBlocks(blocks);
    expect(Math.max(...chunks.map((chunk) => chunk.text.length))).toBeLessThanOrEqual(1_200);
    for (const [at, chunk] of chunks.entries()) {
      expect(chunk.text).toBe(text.slice(chunk.startOffset, chunk.endOffset));
      expect(chunk.text).toMatch(/^Sentence number \d+ .*house\.\s*$/s);
      const before = chunks[at - 1];
      if (!before) continue;
      const repeated = before.endOffset - chunk.startOffset;
      expect(repeated).toBeGreaterThan(0);
      expect(repeated).toBeLessThanOrEqual(203);
    }
    const found = new Set(chunks.flatMap((chunk) => chunk.text.match(/number \d+/g)));
    expect(found.size).toBe(84);
  });

  test("keeps a table whole, and divides a huge one between rows below its first row", () => {
    const rows = (count: number) => [
      "Code | Meaning",
      ...Array.from({ length: count }, (_, at) => `C${at} | meaning ${at}`),
    ];
    const small = rows(150).join("\n");
    const huge = rows(1000).join("\n");
    const { chunks } = chunkBlocks([
      paragraph(sentence(1)),
      { kind: "table", text: small },
      paragraph(sentence(2)),
      heading("Codes", 1),
      { kind: "table", text: huge },
    ]);
    expect(chunks.slice(0, 3).map((chunk) => chunk.text.trim())).toEqual([
      sentence(1),
      small,
      sentence(2),
    ]);
    const parts = chunks.slice(3).map((chunk) => chunk.text.trim().split("\n"));
    expect(parts.map(([first]) => first)).toEqual(parts.map(() => "Code | Meaning"));
    expect(parts.flatMap((part) => part.slice(1))).toEqual(rows(1000).slice(1));
  });

  test("cuts text without sentences and blanks, never inside a character", () => {
    const { chunks } = chunkBlocks([paragraph("💧".repeat(3_000))]);
    const joined = new Set(chunks.map((chunk) => chunk.text).join(""));
    expect(joined).toEqual(new Set(["💧"]));
    expect(Math.max(...chunks.map((chunk) => chunk.text.length))).toBeLessThanOrEqual(1_200);
  });

  test.each([[[]], [[paragraph("")]]])("of nothing is nothing", (blocks) => {
    expect(chunkBlocks(blocks)).toEqual({ text: "", chunks: [], isCut: false });
  });

  test("says when a document has more chunks than an index takes", () => {
    const blocks = Array.from({ length: 20_001 }, (_, at) => heading(`Heading ${at}`, 1));
    const { chunks, isCut } = chunkBlocks(blocks);
    expect([chunks.length, isCut]).toEqual([20_000, true]);
  });
});
