import { type PageScore, sumScores } from "./ocrAccuracy.ts";
import { growthOf, type MemoryStep } from "./ocrMemory.ts";
import type { SpeedRow } from "./ocrSpeed.ts";
import { type Goal, tableOf } from "./report.ts";

const ours = "ocr-mcp";
const native = "tesseract";
/** Error rates that differ by less count as the same: one character in two thousand. */
const noise = 0.0005;
const hardConditions = ["rotated", "skewed", "faint"];

/** Both readers over one class of pages. */
export interface ClassRow {
  /** `all`, a condition or a kind of page. */
  name: string;
  pages: number;
  ours: Rates | undefined;
  native: Rates | undefined;
}

/** Shares from 0 to 1; fields are NaN where a class has none. */
interface Rates {
  characterErrors: number;
  wordErrors: number;
  fieldsFound: number;
}

/** The rates by condition and by kind of page. */
export function classRows(scores: readonly PageScore[]): ClassRow[] {
  const names = (key: "condition" | "kind") => [...new Set(scores.map((score) => score[key]))];
  return ["all", ...names("condition"), ...names("kind")].map((name) => {
    const isIn = (score: PageScore) =>
      name === "all" || score.condition === name || score.kind === name;
    const ratesOf = (reader: string): Rates | undefined => {
      const sum = sumScores(scores, (score) => score.reader === reader && isIn(score));
      if (sum.pages === 0) return undefined;
      return {
        characterErrors: sum.characterErrors / sum.characters,
        wordErrors: sum.wordErrors / sum.words,
        fieldsFound: sum.fieldsFound / sum.fields,
      };
    };
    const pages = new Set(scores.filter(isIn).map(({ document, page }) => `${document} ${page}`))
      .size;
    return { name, pages, ours: ratesOf(ours), native: ratesOf(native) };
  });
}

/** The rates in per cent. */
export function accuracyTable(rows: readonly ClassRow[]): string {
  const percent = (share: number | undefined) =>
    share === undefined || Number.isNaN(share) ? "" : (100 * share).toFixed(2);
  const cells = rows.map((row) => [
    row.name,
    `${row.pages}`,
    percent(row.ours?.characterErrors),
    percent(row.native?.characterErrors),
    percent(row.ours?.wordErrors),
    percent(row.native?.wordErrors),
    percent(row.ours?.fieldsFound),
    percent(row.native?.fieldsFound),
  ]);
  const pairs = ["characters wrong", "words wrong", "fields right"];
  const heads = pairs.flatMap((name) => [`${name} %`, native]);
  return tableOf(["class", "pages", ...heads], cells);
}

/** Natively, pages that lie on their side are read with `--psm 1`: the figures by whose side ours have to stand. */
export const osdName = "tesseract --psm 1";

/** The class of rotated pages against tesseract when it looks for the orientation too. */
export function judgeRotated(scores: readonly PageScore[]): Goal[] {
  const [own, other] = [ours, osdName].map((reader) =>
    sumScores(scores, (score) => score.reader === reader && score.condition === "rotated"),
  );
  if (!own?.pages || !other?.pages) return [];
  const shares = [own, other].map((sum) => sum.characterErrors / sum.characters);
  const [share = 1, osdShare = 0] = shares;
  return [
    {
      goal: "rotated pages better than tesseract --psm 1",
      measured: `${percentOf(share)} to ${percentOf(osdShare)}`,
      isMet: share < osdShare,
    },
  ];
}

/** Whether each class is read at least as well as natively, and the hard ones better. */
export function judgeAccuracy(rows: readonly ClassRow[]): Goal[] {
  const compared = rows.flatMap(({ name, ours: own, native: other }) => {
    return own && other ? [{ name, own: own.characterErrors, other: other.characterErrors }] : [];
  });
  if (compared.length === 0) return [];
  const worse = compared.filter(({ own, other }) => own > other + noise);
  const notBetter = compared.filter(
    ({ name, own, other }) => hardConditions.includes(name) && own >= other,
  );
  const named = (list: typeof compared, otherwise: string) =>
    list
      .map(({ name, own, other }) => `${name} ${percentOf(own)} > ${percentOf(other)}`)
      .join(", ") || otherwise;
  return [
    {
      goal: "characters wrong: no class worse than tesseract",
      measured: named(worse, `none of ${compared.length}`),
      isMet: worse.length === 0,
    },
    {
      goal: "rotated, skewed and faint pages better than tesseract",
      measured: named(notBetter, "all three"),
      isMet: notBetter.length === 0,
    },
  ];
}

/** What the speeds and the memory were to be. */
export function judgeSpeed(rows: readonly SpeedRow[], steps: readonly MemoryStep[]): Goal[] {
  const msOf = (task: string, name: string) =>
    rows.find((row) => row.task.startsWith(task) && row.name.startsWith(name))?.ms ?? Number.NaN;
  const scan = msOf("scan", "ocr-mcp read") / msOf("scan", "tesseract x 2, 300");
  const text = rows.find(({ task, name }) => task.startsWith("text") && name.startsWith(ours));
  const start = msOf("one", "ocr-mcp, new") / msOf("one", "ocr-mcp, warm");
  const peakMB = (Math.max(...steps.map(({ peakMiB }) => peakMiB)) * 2 ** 20) / 1e6;
  const growth = growthOf(steps);
  const goals: Goal[] = [
    {
      goal: "scan of 20 pages in at most tesseract's time, new processes",
      measured: `${scan.toFixed(2)} times its time`,
      isMet: scan <= 1,
    },
    {
      goal: "text layers above 100 pages/s",
      measured: `${text?.pagesPerSecond.toFixed(0)} pages/s`,
      isMet: (text?.pagesPerSecond ?? 0) > 100,
    },
    {
      goal: "start to first page below 1.5 times a warm page",
      measured: `${start.toFixed(2)} times`,
      isMet: start < 1.5,
    },
    {
      goal: "memory below 600 MB with two workers",
      measured: `${peakMB.toFixed(0)} MB at most`,
      isMet: peakMB < 600,
    },
    {
      goal: `memory flat over ${steps.at(-1)?.pages ?? 0} pages`,
      measured: `${(100 * growth).toFixed(1)} % from the second quarter to the last`,
      isMet: growth < 0.05,
    },
  ];
  // What was not measured is not judged.
  return goals.filter(({ measured }) => !/NaN|undefined|Infinity/.test(measured));
}

function percentOf(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
