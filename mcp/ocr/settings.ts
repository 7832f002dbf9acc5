import * as z from "zod";
import { defineSettings, type Setting, wholeNumber } from "../../src/core/settings.ts";

const folder = z.string();

/** The settings of the engine, which the server and its commands share. */
export const engineSettings: {
  languages: Setting<string>;
  languagesFolder: Setting<string>;
  pagesLimit: Setting<number>;
  dpi: Setting<number>;
  workers: Setting<number>;
} = defineSettings({
  languages: {
    flag: "languages",
    env: ["OCR_LANGUAGES"],
    parse: z.string().regex(/^[\w+, ]+$/),
    expected: "language codes such as eng,fra",
    default: "eng,fra",
    about: "The languages that may be asked for",
  },
  languagesFolder: {
    flag: "languages-dir",
    env: ["OCR_LANGUAGES_DIR"],
    parse: folder,
    expected: "a folder with .traineddata files",
    default: "",
    about: "Where data of further languages lies",
  },
  pagesLimit: {
    flag: "max-pdf-pages",
    env: ["MAX_PDF_PAGES"],
    parse: wholeNumber(1),
    expected: "a whole number from 1",
    default: "50",
    about: "Pages that one call reads at most",
  },
  dpi: {
    flag: "pdf-dpi",
    env: ["PDF_DPI"],
    parse: wholeNumber(72).refine((dpi) => dpi <= 600),
    expected: "a whole number from 72 to 600",
    default: "200",
    about:
      "The resolution at which scans are read first, in dots per inch; bad ones are then read at their own",
  },
  workers: {
    flag: "workers",
    env: ["OCR_WORKERS"],
    parse: wholeNumber(0).refine((count) => count <= 64),
    expected: "a whole number from 0 to 64",
    default: "0",
    about: "Pages that are read at the same time; 0 takes the cores and the memory there are",
  },
});

/** The settings of the server alone. */
export const serverSettings: { documentsRoot: Setting<string>; outputDir: Setting<string> } =
  defineSettings({
    documentsRoot: {
      flag: "documents-root",
      env: ["DOCUMENTS_ROOT", "DOCUMENTS_STORAGE_PATH"],
      parse: folder.min(1),
      expected: "a folder",
      default: "/mnt/documents",
      about: "The only folder from which documents are read",
    },
    outputDir: {
      flag: "output-dir",
      env: ["OCR_OUTPUT_DIR"],
      parse: folder,
      expected: "a folder",
      default: "",
      about: "The only folder into which searchable PDFs are written; none are without one",
    },
  });
