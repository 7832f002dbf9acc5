import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Glob } from "bun";
import { benchFolder } from "./binary.ts";

const root = join(import.meta.dir, "..", "..");
const tessdata = join(benchFolder, "tessdata");
const commands = ["tesseract", "pdftoppm", "pdftotext"] as const;
const languages = ["eng", "fra"];
/** How long one page may take, in milliseconds. */
const pageLimitMs = 120_000;

/** One page for the native tools. */
export interface NativePage {
  file: string;
  /** From 1. */
  page: number;
  /** Of the scan: what pdftoppm is told, so that every pixel is a pixel of the scanner. */
  dpi: number;
  language: string;
}

/** The commands that are missing; the bench says so by name. */
export function missingCommands(): string[] {
  return commands.filter((name) => Bun.which(name) === null);
}

/** `tesseract 5.3.0` and so on. */
export function nativeVersions(): Record<string, string> {
  const firstLine = (command: string[]) => {
    const { stdout, stderr } = Bun.spawnSync(command);
    return `${stdout}${stderr}`.split("\n")[0]?.replace(/^\w+\s+(version\s+)?/, "") ?? "";
  };
  return {
    tesseract: firstLine(["tesseract", "--version"]),
    poppler: firstLine(["pdftoppm", "-v"]),
  };
}

/** Unpacks the language data that our program has inside, so that both sides read with the same. */
export async function readyTessdata(): Promise<void> {
  mkdirSync(tessdata, { recursive: true });
  for (const code of languages) {
    const target = join(tessdata, `${code}.traineddata`);
    if (existsSync(target)) continue;
    const data = join("@tesseract.js-data", code, "4.0.0_best_int", `${code}.traineddata.gz`);
    writeFileSync(target, gunzipSync(await Bun.file(join(root, "node_modules", data)).bytes()));
  }
  // Debian's model of orientations, for `--psm 1`; we have none to share.
  const [osd] = existsSync("/usr/share/tesseract-ocr")
    ? [...new Glob("*/tessdata/osd.traineddata").scanSync("/usr/share/tesseract-ocr")]
    : [];
  if (osd !== undefined) {
    copyFileSync(join("/usr/share/tesseract-ocr", osd), join(tessdata, "osd.traineddata"));
  }
}

/** Whether there is a model for `--psm 1`. */
export function canFindOrientation(): boolean {
  return existsSync(join(tessdata, "osd.traineddata"));
}

/** Reads one page: pdftoppm for PDFs, then tesseract on one core. */
export async function readNative(page: NativePage, segmentation = 3): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "berth-native-"));
  try {
    let image = page.file;
    const more: string[] = [];
    if (page.file.endsWith(".pdf")) {
      const range = ["-f", `${page.page}`, "-l", `${page.page}`, "-singlefile"];
      await run(["pdftoppm", "-r", `${page.dpi}`, "-gray", ...range, page.file, join(folder, "p")]);
      image = join(folder, "p.pgm");
    } else if (page.file.endsWith(".tif")) {
      more.push("-c", `tessedit_page_number=${page.page - 1}`);
    }
    return await run(tesseract(image, { ...page, segmentation, more }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Reads a whole PDF as fast as the tools can: two chains, one for the odd pages and one for the even ones, each with
 * one start of tesseract for all of its pages. Returns how long it took in milliseconds.
 */
export async function timeNativeDocument(file: string, dpi: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "berth-native-"));
  try {
    const beganAtMs = performance.now();
    await Promise.all(["-o", "-e"].map((side) => readSide({ file, dpi, folder, side })));
    return performance.now() - beganAtMs;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Half {
  file: string;
  dpi: number;
  folder: string;
  side: string;
}

async function readSide({ file, dpi, folder, side }: Half): Promise<void> {
  const prefix = join(folder, `p${side}`);
  await run(["pdftoppm", "-r", `${dpi}`, "-gray", side, file, prefix]);
  const images = [...new Glob(`p${side}*.pgm`).scanSync({ cwd: folder, absolute: true })].sort();
  const list = join(folder, `list${side}.txt`);
  writeFileSync(list, images.join("\n"));
  const text = await run(tesseract(list, { dpi, language: "eng", segmentation: 3, more: [] }));
  const pageCount = text.split("\f").length;
  if (pageCount !== images.length)
    throw new Error(`tesseract read ${pageCount} pages of "${list}"`);
}

/** Reads the text layer of a whole PDF; returns milliseconds. */
export async function timePdftotext(file: string): Promise<number> {
  const beganAtMs = performance.now();
  await run(["pdftotext", "-layout", file, "-"]);
  return performance.now() - beganAtMs;
}

interface Reading {
  dpi: number;
  language: string;
  segmentation: number;
  more: readonly string[];
}

function tesseract(image: string, { dpi, language, segmentation, more }: Reading): string[] {
  const model = ["--tessdata-dir", tessdata, "-l", language, "--oem", "1"];
  return [
    "tesseract",
    image,
    "-",
    ...model,
    "--psm",
    `${segmentation}`,
    "--dpi",
    `${dpi}`,
    ...more,
  ];
}

async function run(command: readonly string[]): Promise<string> {
  const child = Bun.spawn([...command], {
    stdout: "pipe",
    stderr: "pipe",
    timeout: pageLimitMs,
    // One core a process: two of them run side by side.
    env: { ...process.env, OMP_THREAD_LIMIT: "1" },
  });
  const [text, problem] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  if ((await child.exited) === 0) return text;
  throw new Error(`Cannot run ${command.join(" ")}\n${problem}`);
}
