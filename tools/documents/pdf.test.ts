import { expect, test } from "bun:test";
import type { Block } from "./blocks.ts";
import { inkOf } from "./image.ts";
import { type Layout, setDocument } from "./pdf.ts";
import { readPdf } from "./render.ts";
import { type Family, families } from "./typeface.ts";

const layout: Layout = { title: "Test", blocks: [], paper: "a4", family: "sans", size: 11 };
const blocks: readonly Block[] = [
  { kind: "heading", text: "First efficient affidavit — dégât des eaux", align: "center" },
  {
    kind: "paragraph",
    text: "Cœur naïf, “quoted”; the sum is €1 240,00 or $1,240.00. ".repeat(5).trim(),
  },
  { kind: "lines", lines: ["4 March 2025", "Hélène Marchand"], align: "right" },
  {
    kind: "fields",
    style: "boxed",
    rows: [
      ["Claim number", "CLM-2025-0001"],
      [
        "Damage",
        "The hall, the kitchen and the whole of the lower floor stood in water for two days.",
      ],
    ],
  },
  {
    kind: "table",
    table: {
      head: ["Item", "Price"],
      rows: [
        ["Œufs x 12", "4,20"],
        ["Total", "4,20"],
      ],
      shares: [3, 1],
      numbers: [1],
      isRuled: true,
    },
  },
  {
    kind: "columns",
    columns: [
      [{ kind: "paragraph", text: "left ".repeat(40).trim() }],
      [{ kind: "paragraph", text: "right ".repeat(40).trim() }],
    ],
  },
];

test.each(Object.keys(families) as Family[])(
  "the text layer in %s is the ground truth",
  async (family) => {
    const { pdf, pages } = await setDocument({ ...layout, blocks, family });
    const read = await readPdf(pdf, 72);
    expect(read.map(({ text }) => words(text))).toEqual(pages.map(words));
  },
);

test("the same layout makes the same bytes", async () => {
  const [first, second] = await Promise.all([1, 2].map(() => setDocument({ ...layout, blocks })));
  expect(first).toEqual(second as NonNullable<typeof second>);
});

test("dots that lead to a value are printed and no part of the text", async () => {
  const rows = [
    ["Date", "3 May"],
    ["Claimant name", "Ada"],
  ] as const;
  const { pdf, pages } = await setDocument({
    ...layout,
    blocks: [{ kind: "fields", style: "dotted", rows }],
  });
  expect(pages).toEqual(["Date 3 May\nClaimant name Ada"]);
  expect((await readPdf(pdf, 72))[0]?.text).toContain("....");
});

test("hidden text is in the text layer alone", async () => {
  const secret: Block = { kind: "paragraph", text: "white on white", ink: "hidden" };
  const { pdf, pages } = await setDocument({ ...layout, blocks: [secret] });
  const [page] = await readPdf(pdf, 72);
  expect({ pages, text: page?.text.trim(), ink: page && inkOf(page.image) }).toEqual({
    pages: [""],
    text: "white on white",
    ink: 0,
  });
});

test("blocks flow to further pages, and what is over the most pages is left out", async () => {
  const many = Array.from(
    { length: 120 },
    (_, index): Block => ({ kind: "lines", lines: [`line ${index}`] }),
  );
  const whole = await setDocument({ ...layout, blocks: many });
  expect(whole.pages.join("\n").split("\n")).toEqual(many.map((_, index) => `line ${index}`));
  const cut = await setDocument({ ...layout, blocks: many, mostPages: 1 });
  expect(cut.pages).toEqual(whole.pages.slice(0, 1));
});

test("text that does not fit is an error and never cut off", async () => {
  const wide = "W".repeat(60);
  const table = { head: [wide], rows: [], shares: [1], numbers: [], isRuled: false };
  expect(setDocument({ ...layout, blocks: [{ kind: "table", table }] })).rejects.toThrow(
    `too wide for its cell: "${wide}"`,
  );
  const long: Block = { kind: "paragraph", text: "word ".repeat(4000).trim() };
  expect(setDocument({ ...layout, blocks: [long] })).rejects.toThrow(
    "too long for a page: a paragraph",
  );
});

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
