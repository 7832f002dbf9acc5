import { appendFileSync, copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { longScan, longText } from "../corpus/catalogue.ts";
import { corpusFolder } from "../corpus/ready.ts";
import { median } from "./measure.ts";
import { timeNativeDocument, timePdftotext } from "./ocrNative.ts";
import { type OcrServer, openOcrServer, type ReadDocument } from "./ocrServer.ts";
import { tableOf } from "./report.ts";

/** Pages of the two long documents of the corpus, and the dots an inch of the scan. */
const scanPages = 20;
const textPages = 50;
const scanDpi = 300;
const lowDpi = 200;
/** A page as a scanner writes it, for the first answer of a new process. */
const firstPage = "skewed-letter-eng.png";

/** One contender at one task; the figure is a median over rounds. */
export interface SpeedRow {
  task: string;
  name: string;
  ms: number;
  pagesPerSecond: number;
}

/** What is measured, and how often. */
interface Pair {
  /** Starts our program. */
  command: readonly string[];
  /** Our program, started and warm. */
  server: OcrServer;
  rounds: number;
  hasNative: boolean;
}

const copies = join(corpusFolder, "copies");
let copyCount = 0;

/**
 * A copy with other bytes and the same content, so that nobody answers from a cache: what follows the end of a PDF or a
 * PNG is not read.
 */
export function freshCopy(file: string): string {
  mkdirSync(copies, { recursive: true });
  const ending = file.slice(file.lastIndexOf("."));
  const copy = join(copies, `${++copyCount}${ending}`);
  copyFileSync(join(corpusFolder, file), copy);
  appendFileSync(copy, `\n% ${copyCount} ${Date.now()}\n`);
  return copy;
}

/** Removes what freshCopy has made. */
export function removeCopies(): void {
  rmSync(copies, { recursive: true, force: true });
}

/** Whole processes on a scanned document of 20 pages, in turn; and our warm server. */
export async function measureScan({ command, server, ...how }: Pair): Promise<SpeedRow[]> {
  const file = `${longScan}.pdf`;
  const path = join(corpusFolder, file);
  const contenders: Record<string, () => Promise<number>> = {
    "ocr-mcp read": () => timeCli([...command, "read"], freshCopy(file)),
    "ocr-mcp, warm server": () => timeCall(server, freshCopy(file), scanPages),
    "tesseract x 2, 300 dpi": () => timeNativeDocument(path, scanDpi),
    "tesseract x 2, 200 dpi": () => timeNativeDocument(path, lowDpi),
  };
  // Half a minute for each: three rounds of five are enough to see a difference of a tenth.
  const rounds = Math.ceil(how.rounds / 2);
  return takeTurns("scan of 20 pages", contenders, { ...how, rounds, pages: scanPages });
}

/** A PDF of 50 pages with text layers. */
export async function measureText({ server, ...how }: Pair): Promise<SpeedRow[]> {
  const file = `${longText}.pdf`;
  await timeCall(server, freshCopy(file), textPages);
  const contenders: Record<string, () => Promise<number>> = {
    "ocr-mcp, warm server": () => timeCall(server, freshCopy(file), textPages),
    pdftotext: () => timePdftotext(join(corpusFolder, file)),
  };
  return takeTurns("text layers, 50 pages", contenders, { ...how, pages: textPages });
}

/** From the start of a process to the text of a page, and the same page asked of a process that has read before. */
export async function measureStart({ command, server, ...how }: Pair): Promise<SpeedRow[]> {
  const contenders: Record<string, () => Promise<number>> = {
    "ocr-mcp, new process": async () => {
      const beganAtMs = performance.now();
      const started = await openOcrServer(command, corpusFolder);
      await timeCall(started, freshCopy(firstPage), 1);
      const ms = performance.now() - beganAtMs;
      await started.close();
      return ms;
    },
    "ocr-mcp, warm server": () => timeCall(server, freshCopy(firstPage), 1),
  };
  return takeTurns("one scanned page", contenders, { ...how, pages: 1 });
}

/** The figures as a table. */
export function speedTable(rows: readonly SpeedRow[]): string {
  const cells = rows.map(({ task, name, ms, pagesPerSecond }) => [
    task,
    name,
    Math.round(ms).toLocaleString("en"),
    pagesPerSecond.toFixed(2),
  ]);
  return tableOf(["task", "contender", "median ms", "pages/s"], cells);
}

async function takeTurns(
  task: string,
  contenders: Readonly<Record<string, () => Promise<number>>>,
  { rounds, hasNative, pages }: { rounds: number; hasNative: boolean; pages: number },
): Promise<SpeedRow[]> {
  const taking = Object.entries(contenders).filter(
    ([name]) => hasNative || name.startsWith("ocr-mcp"),
  );
  const times = new Map(taking.map(([name]): [string, number[]] => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of taking) times.get(name)?.push(await run());
  }
  return [...times].map(([name, list]) => {
    const ms = median(list);
    return { task, name, ms, pagesPerSecond: (1000 * pages) / ms };
  });
}

/** Reads a document through the server and checks that all pages came. */
export async function timeCall(server: OcrServer, path: string, pages: number): Promise<number> {
  const beganAtMs = performance.now();
  const read: ReadDocument = await server.read({ document_path: path, language: "eng" });
  const ms = performance.now() - beganAtMs;
  if (read.pages.length !== pages) throw new Error(`${read.pages.length} pages in "${path}"`);
  return ms;
}

async function timeCli(command: readonly string[], path: string): Promise<number> {
  const beganAtMs = performance.now();
  const env = { PATH: process.env.PATH, DOCUMENTS_ROOT: corpusFolder };
  const child = Bun.spawn([...command, path], { stdout: "pipe", stderr: "pipe", env });
  const [text, problem] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  const ms = performance.now() - beganAtMs;
  if ((await child.exited) === 0 && text.length > 0) return ms;
  throw new Error(`Cannot run ${command.join(" ")} ${path}\n${problem}`);
}
