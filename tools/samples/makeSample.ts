import type { Block, FieldRow } from "../documents/blocks.ts";
import { applyEffects, type Effect } from "../documents/effects.ts";
import { type SetDocument, setDocument } from "../documents/pdf.ts";
import { seededRandom } from "../documents/random.ts";
import { readPdf } from "../documents/render.ts";
import { scanPdf } from "../documents/scan.ts";
import { letterhead, rowsOf, storyTitles, titles } from "./labels.ts";
import { printAmount, printDate } from "./print.ts";
import type { DocumentForm, SampleClaim } from "./sampleClaim.ts";

/** A sample document: a PDF, and what is printed on its pages. */
export interface SampleDocument {
  /** CLM-2025-0001.pdf */
  file: string;
  bytes: Uint8Array;
  pages: readonly string[];
}

/** Of the scans. */
const scanDpi = 200;
const grain: Effect = { kind: "noise", deviation: 4, specks: 0 };

/** What happened to the paper, and the quality of the JPEG. */
const scans: Readonly<Record<Exclude<DocumentForm, "text" | "three-pages">, Scan>> = {
  scan: { effects: [{ kind: "blur", radius: 0.4 }, grain], quality: 70 },
  "skewed-scan": { effects: [{ kind: "skew", degrees: 4 }, grain], quality: 70 },
  // A carbon copy that lay in the sun: a person reads it with effort, and nobody should pay on what a program reads.
  "faint-scan": {
    effects: [
      { kind: "blur", radius: 2.4 },
      { kind: "faint", paper: 214, ink: 160 },
      { kind: "noise", deviation: 3, specks: 0 },
    ],
    quality: 40,
  },
};

interface Scan {
  effects: readonly Effect[];
  quality: number;
}

/** Makes the document of a claim; the same claim makes the same bytes. */
export async function makeSample(claim: SampleClaim): Promise<SampleDocument> {
  const file = `${claim.number}.pdf`;
  const set = await setDocument({
    title: `${titles[claim.type][claim.language]} ${claim.number}`,
    blocks: blocksOf(claim),
    paper: claim.language === "fra" ? "a4" : "letter",
    family: claim.form === "scan" || claim.form === "faint-scan" ? "serif" : "sans",
    size: 11,
  });
  if (claim.form === "text" || claim.form === "three-pages") {
    return { file, bytes: set.pdf, pages: set.pages };
  }
  return { file, bytes: await scanned(claim.number, set, scans[claim.form]), pages: set.pages };
}

async function scanned(
  number: string,
  { pdf }: SetDocument,
  { effects, quality }: Scan,
): Promise<Uint8Array> {
  const random = seededRandom(number);
  const pages = await readPdf(pdf, scanDpi);
  const images = pages.map(({ image }) => applyEffects(image, effects, random));
  return scanPdf(number, images, quality);
}

function blocksOf(claim: SampleClaim): Block[] {
  const rows = printedRows(claim);
  const heading: Block[] = [
    { kind: "lines", lines: [letterhead[claim.language]] },
    { kind: "heading", text: titles[claim.type][claim.language] },
  ];
  if (claim.form === "three-pages") return threePages(claim, heading, rows);
  const story = [...storyBlocks(claim), ...orderBlocks(claim)];
  return [...heading, { kind: "fields", rows, style: "plain" }, ...story];
}

/** The labelled rows; what a claim does not state has no row. */
function printedRows(claim: SampleClaim): FieldRow[] {
  const values: Readonly<Record<string, string | undefined>> = {
    ...claim.particulars,
    number: claim.number,
    incident: claim.incident === null ? undefined : printDate(claim.incident, claim),
    name: claim.name,
    policy: claim.policy,
    address: claim.address,
    amount: printAmount(claim.amount, claim),
    filed: printDate(claim.filed, claim),
  };
  return Object.entries(rowsOf[claim.type]).flatMap(([key, label]): FieldRow[] => {
    const value = values[key];
    return value === undefined ? [] : [[label[claim.language], value]];
  });
}

function storyBlocks(claim: SampleClaim): Block[] {
  return claim.story.flatMap((text, index): Block[] => {
    const title = storyTitles[claim.type][index]?.[claim.language] ?? "";
    return [
      { kind: "heading", text: title, scale: 1.1 },
      { kind: "paragraph", text },
    ];
  });
}

function orderBlocks({ order }: SampleClaim): Block[] {
  return order === undefined ? [] : [{ kind: "paragraph", text: order, scale: 0.8 }];
}

/** What happened, what was lost, and on the last page what it costs. */
function threePages(claim: SampleClaim, heading: Block[], rows: readonly FieldRow[]): Block[] {
  const amountLabel = rowsOf[claim.type].amount?.[claim.language];
  const isAmount = ([label]: FieldRow) => label === amountLabel;
  const things = ["Base cupboards", "Wall cupboards", "Dishwasher", "Ceiling panels", "Sockets"];
  const costs = [
    ["Cupboards and worktop", 0.56],
    ["Electrical work", 0.2],
    ["Cleaning and painting", 0.24],
  ] as const;
  return [
    ...heading,
    { kind: "fields", rows: rows.filter((row) => !isAmount(row)), style: "plain" },
    ...storyBlocks(claim),
    { kind: "page-break" },
    { kind: "heading", text: "Inventory of damaged things" },
    {
      kind: "table",
      table: {
        head: ["Thing", "Pieces"],
        rows: things.map((thing, index) => [thing, `${index + 2}`]),
        shares: [3, 1],
        numbers: [1],
        isRuled: true,
      },
    },
    { kind: "page-break" },
    { kind: "heading", text: "Costs" },
    {
      kind: "table",
      table: {
        head: ["Work", "Price"],
        rows: costs.map(([work, share]) => [work, printAmount(claim.amount * share, claim)]),
        shares: [3, 1.5],
        numbers: [1],
        isRuled: true,
      },
    },
    { kind: "fields", rows: rows.filter(isAmount), style: "plain" },
  ];
}
