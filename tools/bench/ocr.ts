import type { CorpusDocument } from "../corpus/make.ts";
import { corpusFolder, readyCorpus } from "../corpus/ready.ts";
import { readyBinary } from "./binary.ts";
import { describeCircumstances, versionsOf } from "./machine.ts";
import {
  nativeReader,
  ourReader,
  type PageScore,
  type Reader,
  scoreReader,
} from "./ocrAccuracy.ts";
import {
  accuracyTable,
  classRows,
  judgeAccuracy,
  judgeRotated,
  judgeSpeed,
  osdName,
} from "./ocrGoals.ts";
import { type MemoryStep, measureMemory, memoryTable } from "./ocrMemory.ts";
import { canFindOrientation, missingCommands, nativeVersions, readyTessdata } from "./ocrNative.ts";
import { type OcrServer, openOcrServer } from "./ocrServer.ts";
import {
  measureScan,
  measureStart,
  measureText,
  removeCopies,
  type SpeedRow,
  speedTable,
} from "./ocrSpeed.ts";
import { type BenchOptions, isSelected } from "./options.ts";
import { printReport } from "./report.ts";

const parts = ["accuracy", "scan", "text", "start", "memory"] as const;
/** Pages that are read while memory is watched. */
const memoryPages = { brief: 80, soak: 500 };

interface Measured {
  scores: PageScore[];
  /** Seconds that each reader took for its part of the corpus. */
  seconds: Record<string, number>;
  rows: SpeedRow[];
  memory: MemoryStep[];
  /** Native commands that are not installed. */
  missing: string[];
}

/** Accuracy and speed beside tesseract with the same language data, both on all cores. */
export async function benchOcr(options: BenchOptions): Promise<void> {
  const missing = missingCommands();
  if (missing.length === 0) await readyTessdata();
  else console.error(`Without the native side: ${missing.join(", ")} not found`);
  const documents = await readyCorpus();
  const command = [await readyBinary("ocr-mcp")];
  const server = await openOcrServer(command, corpusFolder);
  const measured: Measured = { scores: [], seconds: {}, rows: [], memory: [], missing };
  try {
    if (isPart("accuracy", options)) {
      await measureAccuracy(server, chosen(documents, options), { options, measured });
    }
    const pair = { command, server, rounds: options.rounds, hasNative: missing.length === 0 };
    if (isPart("scan", options)) measured.rows.push(...(await measureScan(pair)));
    if (isPart("text", options)) measured.rows.push(...(await measureText(pair)));
    if (isPart("start", options)) measured.rows.push(...(await measureStart(pair)));
    if (isPart("memory", options)) {
      const pages = options.isSoak ? memoryPages.soak : memoryPages.brief;
      measured.memory = await measureMemory(server, pages);
    }
  } finally {
    await server.close();
    removeCopies();
  }
  print(measured, options);
}

/** `--tasks` names parts, and beginnings of documents' names; `--soak` alone is the part of memory. */
function isPart(part: (typeof parts)[number], { tasks, isSoak }: BenchOptions): boolean {
  const named = tasks.filter((task) => parts.some((name) => name === task));
  return isSoak && named.length === 0 ? part === "memory" : isSelected(named, part);
}

function chosen(
  documents: readonly CorpusDocument[],
  { tasks }: BenchOptions,
): readonly CorpusDocument[] {
  const beginnings = tasks.filter((task) => !parts.some((name) => name === task));
  if (beginnings.length === 0) return documents;
  return documents.filter(({ name }) => beginnings.some((beginning) => name.startsWith(beginning)));
}

async function measureAccuracy(
  server: OcrServer,
  documents: readonly CorpusDocument[],
  { options, measured }: { options: BenchOptions; measured: Measured },
): Promise<void> {
  const rotated = documents.filter(({ name }) => name.startsWith("rotated"));
  const readers: [Reader, readonly CorpusDocument[]][] = [[ourReader(server), documents]];
  if (measured.missing.length === 0) {
    readers.push([nativeReader("tesseract", 3), documents]);
    // Looks for the orientation too, with Debian's model; on the pages where that matters.
    if (canFindOrientation()) readers.push([nativeReader(osdName, 1), rotated]);
  }
  for (const [reader, list] of readers) {
    if (!isSelected(options.only, reader.name)) continue;
    const { scores, seconds } = await scoreReader(reader, list);
    measured.scores.push(...scores);
    measured.seconds[reader.name] = seconds;
  }
}

function print(measured: Measured, options: BenchOptions): void {
  const { scores, rows, memory, missing } = measured;
  const versions = { ...versionsOf(["tesseract.js-core", "@hyzyla/pdfium"]) };
  if (missing.length === 0) Object.assign(versions, nativeVersions());
  const cores =
    "all cores for every contender: two native processes of one thread, our two workers";
  const circumstances = describeCircumstances("ocr", cores, versions);
  const classes = classRows(scores);
  const accuracy = [...judgeAccuracy(classes), ...judgeRotated(scores)];
  const goals = [...accuracy, ...judgeSpeed(rows, memory)];
  const tables: string[] = [];
  if (scores.length > 0) tables.push(accuracyTable(classes), ...notes(measured));
  if (rows.length > 0) tables.push(speedTable(rows));
  if (memory.length > 0) tables.push(memoryTable(memory));
  if (missing.length > 0) tables.push(`Not compared: ${missing.join(", ")} not found.`);
  const worst = scores
    .filter(({ reader }) => reader === "ocr-mcp")
    .toSorted((left, right) => right.errors.characterErrors - left.errors.characterErrors)
    .slice(0, 15);
  printReport({ circumstances, goals, ...{ classes, worst, ...measured } }, tables, options.isJson);
}

function notes({ scores, seconds }: Measured): string[] {
  const lines: string[] = [];
  const own = scores.filter(
    ({ reader, extracted }) => reader === "ocr-mcp" && extracted !== undefined,
  );
  const fields = own.reduce((sum, { errors }) => sum + errors.fields, 0);
  const extracted = own.reduce((sum, score) => sum + (score.extracted ?? 0), 0);
  if (fields > 0) lines.push(`fields that ocr-mcp names by itself: ${extracted} of ${fields}`);
  for (const [name, value] of Object.entries(seconds)) {
    lines.push(`${name}: ${value.toFixed(0)} s for its pages`);
  }
  return lines.length === 0 ? [] : [lines.join("\n")];
}
