import { statSync } from "node:fs";
import { AppError } from "../../src/core/fault.ts";
import type { Logger } from "../../src/core/log.ts";
import { DocumentsRoot } from "./documents.ts";
import { Engine, type EngineOptions } from "./engine/engine.ts";
import { isEmbedded, parseLanguages } from "./engine/languages.ts";
import { OutputFolder } from "./output.ts";

/** What the tools work with. */
export interface Reader {
  engine: Engine;
  documents: DocumentsRoot;
  output: OutputFolder;
  /** The languages that may be asked for. */
  languages: readonly string[];
  /** Pages that one call reads at most. */
  pagesLimit: number;
  isReady(): boolean;
  close(): Promise<void>;
}

/** The parsed settings that a reader is opened with. */
export interface ReaderValues extends Omit<EngineOptions, "onTrouble"> {
  documentsRoot: string;
  /** Empty when nothing may be written. */
  outputDir: string;
  languages: string;
}

/** Opens the document root and the engine; threads start with the first document. */
export function openReader(values: ReaderValues, log: Logger): Reader {
  const documents = new DocumentsRoot(values.documentsRoot);
  const opened = openEngine(values, log);
  if (!documents.isReady())
    log.warn({ documentsRoot: values.documentsRoot }, "the document root is not there");
  return {
    ...opened,
    documents,
    output: new OutputFolder(values.outputDir),
    pagesLimit: values.pagesLimit,
    isReady: () => documents.isReady(),
    close: () => opened.engine.close(),
  };
}

/**
 * Opens the engine, and tells which of its languages may be asked for.
 * @throws AppError `invalid_config` when there is no data of a language of the settings.
 */
export function openEngine(
  values: Omit<EngineOptions, "onTrouble"> & { languages: string },
  log: Logger,
): Pick<Reader, "engine" | "languages"> {
  checkFolder(values.languagesFolder);
  const engine = new Engine({
    ...values,
    onTrouble: (trouble) => log.warn(trouble, "a page worker was replaced"),
  });
  const allowed = parseLanguages(values.languages);
  const unknown = allowed.find((language) => !engine.languages.includes(language));
  if (unknown !== undefined)
    throw new AppError(
      "invalid_config",
      `Cannot start: --languages names ${JSON.stringify(unknown)}: there is no data of it`,
      { hint: `Languages: ${engine.languages.join(", ")}. --languages-dir adds others.` },
    );
  const languages = engine.languages.filter(
    (language) => allowed.includes(language) || !isEmbedded(language),
  );
  return { engine, languages };
}

function checkFolder(folder: string): void {
  if (folder === "" || statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const state = `--languages-dir is ${JSON.stringify(folder)}; expected a folder with .traineddata files`;
  throw new AppError("invalid_config", `Cannot start: ${state}`);
}
