import { type FieldKind, fieldLabels } from "./field-labels.ts";
import { confidenceOf, problemOf, tidyValue, valuePatterns } from "./field-values.ts";
import type { Box, PageText, Word } from "./model.ts";
import { type Row, rowsOf } from "./rows.ts";
import { linesOf, union } from "./text-layer.ts";

/** One key field of a document, as it is printed. */
export interface Field {
  name: string;
  value: string;
  confidence: number;
  page: number;
  box: Box;
  /** Why the value should not be relied on; empty when nothing speaks against it. */
  issues: string[];
}

/** A gap in a row that is wider than this many row heights starts another column. */
const columnGap = 2.5;
/** A row with more words is text that mentions a date. */
const bareDateWords = 5;
/** Below this confidence a field is named as doubtful. */
const doubtfulBelow = 0.7;

/** Finds the key fields of a document. The first page that holds a field counts, and on it the most telling label. */
export function findFields(pages: readonly PageText[]): Field[] {
  const found = new Map<string, Candidate>();
  for (const page of pages) {
    for (const candidate of candidatesOn(page)) {
      const known = found.get(candidate.field.name);
      if (known === undefined || isBetter(candidate, known))
        found.set(candidate.field.name, candidate);
    }
  }
  if (!found.has("date")) {
    const [bare] = pages.flatMap(bareDates);
    if (bare) found.set("date", bare);
  }
  return fieldLabels.flatMap(({ name }) => found.get(name)?.field ?? []);
}

/** Letters and receipts print their date without a label, on a row of its own. */
function bareDates(page: PageText): Candidate[] {
  const label = { name: "date", kind: "date", rank: 1 } as const;
  return rowsOf(page.words)
    .filter((row) => row.words.length <= bareDateWords && labelsIn(row).length === 0)
    .flatMap(({ words }) => candidate(page, label, words));
}

interface Candidate {
  field: Field;
  /** The label's place in its list: smaller is more telling. */
  rank: number;
  /** Whether the value is one of its kind, however well it was read. */
  isFormed: boolean;
}

/** A doubtful policy number is still the policy number: a contract number beside it that was read well is not. */
function isBetter(a: Candidate, b: Candidate): boolean {
  if (a.isFormed !== b.isFormed) return a.isFormed;
  const isSame = a.field.value === b.field.value;
  if (a.rank !== b.rank && !isSame) return a.rank < b.rank;
  const isClear = a.field.issues.length === 0;
  if (isClear !== (b.field.issues.length === 0)) return isClear;
  if (a.rank !== b.rank) return a.rank < b.rank;
  // Of several totals the last one on a page includes the others.
  return a.field.name === "amount" && a.field.page === b.field.page;
}

function candidatesOn(page: PageText): Candidate[] {
  const rows = rowsOf(page.words);
  return rows.flatMap((row, index) => {
    const labels = labelsIn(row);
    return labels.flatMap((label, place) => {
      const end = labels[place + 1]?.start ?? row.words.length;
      const beside = cell(row.words.slice(label.end, end), row, label);
      const words = beside.length > 0 ? beside : below(page, rows[index + 1], label);
      return candidate(page, label, words);
    });
  });
}

interface FoundLabel {
  name: string;
  kind: FieldKind;
  rank: number;
  /** Its words' places in the row: from `start` up to, but not with, `end`. */
  start: number;
  end: number;
  /** Upright, as rows are. */
  box: Box;
}

/** The labels of a row from left to right; the longest that fits counts. */
function labelsIn({ words, height }: Row): FoundLabel[] {
  const folded = words.map(({ text }) => fold(text));
  const found: FoundLabel[] = [];
  for (let start = 0; start < words.length; start++) {
    const label = longestLabel(folded, start);
    if (label === undefined || !startsCell(words, start, height)) continue;
    const box = words
      .slice(start, label.end)
      .map((word) => word.upright)
      .reduce(union);
    found.push({ ...label, start, box });
    start = label.end - 1;
  }
  return found;
}

function longestLabel(
  folded: readonly string[],
  start: number,
): Omit<FoundLabel, "start" | "box"> | undefined {
  for (let count = Math.min(6, folded.length - start); count > 0; count--) {
    const phrase = folded
      .slice(start, start + count)
      .join(" ")
      .replace(/ ?[:.#]+$/, "");
    const known = labelsByText.get(phrase);
    if (known) return { ...known, end: start + count };
  }
  return undefined;
}

/** A label stands at the start of its row or column, or after the colon or number of another field. */
function startsCell(words: readonly Word[], start: number, height: number): boolean {
  const before = words[start - 1];
  const word = words[start];
  if (before === undefined || word === undefined) return true;
  return word.upright.x0 - before.upright.x1 > height || /[:;|]$/.test(before.text);
}

const labelsByText = new Map(
  fieldLabels.flatMap(({ name, kind, labels }) =>
    labels.map((label, rank) => [label, { name, kind, rank }] as const),
  ),
);

function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[’‘`]/g, "'")
    .replace(/^[•*·|_-]+/, "")
    .toLowerCase();
}

/** The words after a label up to the next column; dots and rules that lead to the value are not part of it. */
function cell(words: readonly Word[], { height }: Row, label: FoundLabel): Word[] {
  const told = words.filter(({ text }) => /[\p{L}\p{N}$€£]/u.test(text));
  const kept: Word[] = [];
  let right = told[0]?.upright.x0 ?? label.box.x1;
  for (const word of told) {
    if (word.upright.x0 - right > columnGap * height) break;
    kept.push(word);
    right = word.upright.x1;
  }
  return kept;
}

/** In forms with the label above it, the words under it. */
function below(page: PageText, row: Row | undefined, label: FoundLabel): Word[] {
  if (row === undefined || labelsIn(row).length > 0) return [];
  const first = row.words.findIndex(
    ({ upright }) => upright.x1 > label.box.x0 - row.height && upright.x0 < label.box.x1,
  );
  const word = row.words[first];
  if (word === undefined || word.upright.y0 - label.box.y1 > 2.5 * row.height) return [];
  if (label.kind !== "text") return cell(row.words.slice(first), row, label);
  // A story goes on to the end of its paragraph.
  const paragraph = page.words.filter((other) => other.paragraph === word.paragraph);
  const lines = linesOf(paragraph.slice(Math.max(0, paragraph.indexOf(word))));
  const heading = lines.findIndex(
    (line) =>
      longestLabel(
        line.map(({ text }) => fold(text)),
        0,
      )?.end === line.length,
  );
  return lines.slice(0, heading < 0 ? lines.length : heading).flat();
}

function candidate(
  page: PageText,
  label: Pick<FoundLabel, "name" | "kind" | "rank">,
  words: readonly Word[],
): Candidate[] {
  if (words.length === 0) return [];
  const text = words.map((word) => word.text).join(" ");
  const match = valuePatterns[label.kind].exec(text);
  // A short label such as "claim" or "date" in running text has no value of its kind beside it.
  if (match === null && label.rank > 0) return [];
  const used = match ? wordsWithin(words, match.index, match[0].length) : [...words];
  const value = tidyValue(match?.[0] ?? text);
  const read = page.source === "text_layer" ? 1 : confidenceOf(label.kind, used);
  const problem = match ? problemOf(label.kind, value) : `it does not look like a ${label.kind}`;
  const confidence = problem === undefined ? read : Math.min(read, doubtfulBelow / 2);
  const issues = [
    ...(problem === undefined ? [] : [problem]),
    ...(read < doubtfulBelow ? ["it was read with low confidence"] : []),
  ];
  const box = used.map((word) => word.box).reduce(union);
  const { name, rank } = label;
  const field = { name, value, confidence, page: page.page, box, issues };
  return [{ field, rank, isFormed: problem === undefined }];
}

/** The words that a part of their joined text touches. */
function wordsWithin(words: readonly Word[], start: number, length: number): Word[] {
  let at = 0;
  return words.filter(({ text }) => {
    const from = at;
    at += text.length + 1;
    return from < start + length && from + text.length > start;
  });
}
