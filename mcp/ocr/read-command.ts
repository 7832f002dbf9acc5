import { basename, join, parse } from "node:path";
import * as z from "zod";
import { type Command, type CommandContext, defineCommand } from "../../src/core/command.ts";
import { switchSetting } from "../../src/core/commonSettings.ts";
import { AppError } from "../../src/core/fault.ts";
import { defineSettings } from "../../src/core/settings.ts";
import { describeDocument, warningsOf, withHeadings } from "./answer.ts";
import { chooseLanguages } from "./choose-languages.ts";
import { DocumentsRoot } from "./documents.ts";
import type { DocumentText, Engine, ReadRequest } from "./engine/engine.ts";
import { checkPlace, isSameFile, placeFile } from "./output.ts";
import { openEngine } from "./reader.ts";
import { orRefuse } from "./refuse.ts";
import { engineSettings } from "./settings.ts";

const settings = defineSettings({
  language: {
    flag: "language",
    parse: z.string().min(1),
    expected: "eng, fra, eng+fra or auto",
    default: "auto",
    about: "The language of the text",
  },
  pages: {
    flag: "pages",
    parse: z.string(),
    expected: "a list such as 1-3,7",
    default: "",
    about: "The pages to read; all of them when left out",
  },
  json: switchSetting("json", "Prints everything that was read as JSON, every word among it"),
  words: switchSetting(
    "words",
    "Prints one word a line: page, confidence, box and text; not with --json",
  ),
  searchable: {
    flag: "searchable",
    parse: z.string(),
    expected: "a file to write",
    default: "",
    about: "Writes the document as a PDF whose text can be searched",
  },
  show: {
    flag: "show",
    parse: z.string(),
    expected: "a file to write",
    default: "",
    about: "Writes each page as PNG with a frame around every word, green where it was read well",
  },
  ...engineSettings,
});

/** `ocr-mcp read scan.pdf`: one document by hand, from wherever the caller may read. */
export const readCommand: Command = defineCommand({
  name: "read",
  about: "Prints the text of a document.",
  operands: "<file>",
  settings,
  examples: [
    "ocr-mcp read scan.pdf",
    "ocr-mcp read --json --language fra facture.png",
    "ocr-mcp read --searchable found.pdf --show page.png scan.pdf",
  ],
  run: async (values, context) => {
    const file = onlyOperand(context);
    if (values.json && values.words)
      throw new AppError(
        "usage",
        "Cannot print --json and --words: they are two forms of one answer",
        {
          hint: "--json has every word with its box and confidence as well, under pages[].words.",
        },
      );
    checkTargets({ ...values, file });
    const { engine, languages } = openEngine(values, context.log);
    try {
      const { bytes } = new DocumentsRoot("/").read(
        file.startsWith("/") ? file : `${process.cwd()}/${file}`,
      );
      const bar = new ProgressBar();
      const request = {
        bytes,
        languages: chooseLanguages({ document: file, language: values.language }, languages),
        pages: values.pages,
        signal: context.signal,
        onPage: (done: number, total: number) => bar.show(done, total),
      };
      const document = await orRefuse(file, engine.read(request)).finally(() => bar.clear());
      await writeFiles({ engine, document, bytes, signal: context.signal }, { ...values, file });
      if (!values.json) tellWarnings(document);
      context.print(printed(document, { ...values, name: basename(file) }));
      return 0;
    } finally {
      await engine.close();
    }
  },
});

function onlyOperand({ operands }: CommandContext): string {
  const [file, ...more] = operands;
  if (file === undefined || more.length > 0)
    throw new AppError("usage", `Cannot read ${operands.length} files: expected one`, {
      hint: "See ocr-mcp read --help.",
    });
  return file;
}

interface ReadFile {
  engine: Engine;
  document: DocumentText;
  bytes: ReadRequest["bytes"];
  signal: AbortSignal;
}

interface Targets {
  /** The document. */
  file: string;
  searchable: string;
  show: string;
}

/** @throws AppError before anything is read when a file that is asked for cannot be written. */
function checkTargets({ file, searchable, show }: Targets): void {
  for (const target of [searchable, show]) {
    if (target === "") continue;
    if (isSameFile(file, target))
      throw new AppError("usage", `Cannot write ${JSON.stringify(target)}: it is the document`);
    checkPlace(target, true);
  }
}

function tellWarnings(document: DocumentText): void {
  const warnings = warningsOf(document, "ask for the others with --pages");
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
}

/** Writes what was asked for beside the text; files of the same name are replaced. */
async function writeFiles(
  { engine, document, bytes, signal }: ReadFile,
  { file, searchable, show }: Targets,
): Promise<void> {
  if (searchable !== "") {
    const pdf = engine.makeSearchable(bytes, document.pages, signal);
    placeFile(searchable, await orRefuse(file, pdf), true);
  }
  if (show === "") return;
  for (const page of document.pages) {
    const name = document.pages.length > 1 ? numbered(show, page.page) : show;
    placeFile(name, await orRefuse(file, engine.showPage(bytes, page, signal)), true);
  }
}

/** page.png becomes page-3.png. */
function numbered(file: string, page: number): string {
  const { dir, name, ext } = parse(file);
  return join(dir, `${name}-${page}${ext}`);
}

function printed(
  document: DocumentText,
  { json, words, name }: { json: boolean; words: boolean; name: string },
): string {
  if (json) return JSON.stringify(describeDocument(document, name), null, 2);
  if (!words) return withHeadings(document.pages);
  return document.pages
    .flatMap((page) =>
      page.words.map(({ text, confidence, box }) =>
        [page.page, confidence.toFixed(2), ...boxNumbers(box), text].join("\t"),
      ),
    )
    .join("\n");
}

function boxNumbers(box: { x0: number; y0: number; x1: number; y1: number }): number[] {
  return [box.x0, box.y0, box.x1, box.y1].map((number) => Math.round(number));
}

/** Pages done, drawn over itself on a terminal and not at all elsewhere. */
class ProgressBar {
  readonly #isShown = process.stderr.isTTY;

  show(done: number, total: number): void {
    if (!this.#isShown) return;
    const filled = Math.round((done / total) * 30);
    process.stderr.write(
      `\r${"█".repeat(filled)}${"░".repeat(30 - filled)} ${done}/${total} pages`,
    );
  }

  clear(): void {
    if (this.#isShown) process.stderr.write("\r\u001b[K");
  }
}
