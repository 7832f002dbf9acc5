import type { Logger } from "../../src/core/log.ts";
import { DocumentsRoot } from "./documents.ts";
import { Engine, type EngineOptions } from "./engine/engine.ts";
import { parseLanguages } from "./engine/languages.ts";
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
  const engine = new Engine({
    ...values,
    onTrouble: (trouble) => log.warn(trouble, "a page worker was replaced"),
  });
  const allowed = parseLanguages(values.languages);
  return {
    engine,
    documents,
    output: new OutputFolder(values.outputDir),
    languages: engine.languages.filter(
      (language) => allowed.includes(language) || !["eng", "fra"].includes(language),
    ),
    pagesLimit: values.pagesLimit,
    isReady: () => documents.isReady(),
    close: () => engine.close(),
  };
}
