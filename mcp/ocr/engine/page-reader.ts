import type { Engines } from "./engines.ts";
import { findHiddenText, type HiddenText, inkDpi } from "./hidden-text.ts";
import { guessLanguage } from "./language-guess.ts";
import { wordsOfTurnedLayer } from "./layer-turn.ts";
import { cleanWords, textOfWords } from "./layout.ts";
import { limits } from "./limits.ts";
import { type Box, meanConfidence, type PageText } from "./model.ts";
import type { PdfPage } from "./pdf.ts";
import type { Task } from "./protocol.ts";
import { judgeLayer } from "./quality.ts";
import { scale } from "./raster.ts";
import { Refusal } from "./refusal.ts";
import {
  imageResolution,
  type PageImage,
  pdfResolution,
  type ReadImage,
  readImage,
} from "./resolution.ts";
import type { LayerCharacter } from "./text-layer.ts";
import { listTiffPages } from "./tiff.ts";

type PageTask = Extract<Task, { kind: "page" }>;

/** A picture that covers this part of a page is the page's scan. */
const scanCoverage = 0.5;
/** A scan whose layer has a larger part of letters where the page shows nothing is read itself. */
const falseShare = 0.1;
/** The picture in which a text layer is looked for has no more pixels; a huge page gets a coarser one. */
const inkPixels = 4_000_000;

/** Counts the pages of a document. */
export async function inspect(
  engines: Engines,
  { document }: Extract<Task, { kind: "inspect" }>,
): Promise<{ pages: number }> {
  if (document.format === "pdf") {
    const pages = (await engines.openPdf(document)).pageCount;
    if (pages < 1) throw new Refusal("broken", "the PDF has no pages");
    return { pages };
  }
  if (document.format !== "tiff") return { pages: 1 };
  const pages = listTiffPages(document.bytes).length;
  if (pages === 0) throw new Refusal("broken", "the TIFF is damaged: it has no page");
  return { pages };
}

/** Reads one page of a document. */
export async function readPage(engines: Engines, task: PageTask): Promise<PageText> {
  return task.document.format === "pdf"
    ? readPdfPage(engines, task)
    : readPicturePage(engines, task);
}

async function readPdfPage(engines: Engines, task: PageTask): Promise<PageText> {
  const page = (await engines.openPdf(task.document)).openPage(task.page);
  try {
    const characters = page.readCharacters();
    const content = page.readContent();
    const hidden = hiddenText(page, characters);
    const isScan = content.coverage > scanCoverage;
    const isFalse = isScan && hidden !== undefined && hidden.share > falseShare;
    const warnings = hidden ? [hiddenWarning(task.page, hidden)] : [];
    if (!isFalse && judgeLayer(characters, content) === "good")
      return layerText(task, page, { characters, warnings });
    const image = {
      dpi: pdfResolution(page, isScan ? content.dpi : task.dpi),
      at: (dpi: number) => page.render(dpi),
    };
    const read = await recognize(engines, image, task);
    const factor = 72 / read.dpi;
    return pageText(task, read, {
      width: page.width,
      height: page.height,
      toPage: (box) => scaleBox(box, factor),
      warnings,
    });
  } finally {
    page.close();
  }
}

async function readPicturePage(engines: Engines, task: PageTask): Promise<PageText> {
  const picture = await engines.decodePage(task.document, task.page);
  const own = imageResolution(picture);
  const fitting = Math.min(1, Math.sqrt(limits.recognizedPixels / areaOf(picture)));
  const at = (dpi: number) => scale(picture, dpi / own);
  const read = await recognize(engines, { dpi: own * fitting, at }, task);
  const factor = own / read.dpi;
  return pageText(task, read, {
    width: picture.width,
    height: picture.height,
    toPage: (box) => scaleBox(box, factor),
  });
}

async function recognize(
  engines: Engines,
  image: PageImage,
  task: PageTask,
): Promise<ReadImage & { language: string }> {
  const recognizer = await engines.useRecognizer();
  const read = (languages: readonly string[]) =>
    readImage(recognizer, image, { languages, quickDpi: task.dpi });
  if (task.languages.length > 0)
    return { ...(await read(task.languages)), language: task.languages.join("+") };
  const first = await read([task.likely]);
  const language = guessLanguage(textOfWords(first.words), task.likely);
  return { ...(language === task.likely ? first : await read([language])), language };
}

function areaOf({ width, height }: { width: number; height: number }): number {
  return width * height;
}

function hiddenText(page: PdfPage, characters: readonly LayerCharacter[]): HiddenText | undefined {
  if (characters.length === 0) return undefined;
  const dpi = Math.min(inkDpi, Math.sqrt(inkPixels / areaOf(page)) * 72);
  return findHiddenText(characters, page.render(dpi), dpi);
}

function hiddenWarning(page: number, { text }: HiddenText): string {
  return `hidden_text: page ${page} holds text that it does not show: ${JSON.stringify(text)}`;
}

function layerText(
  task: PageTask,
  page: PdfPage,
  { characters, warnings }: { characters: readonly LayerCharacter[]; warnings: string[] },
): PageText {
  const { words: found, rotation } = wordsOfTurnedLayer(characters, page);
  const words = cleanWords(found);
  const text = textOfWords(words);
  return {
    page: task.page,
    source: "text_layer",
    confidence: 1,
    rotation,
    skew: 0,
    language: guessLanguage(text, task.languages[0] ?? task.likely),
    width: page.width,
    height: page.height,
    text,
    words,
    warnings,
  };
}

function pageText(
  task: PageTask,
  read: ReadImage & { language: string },
  frame: { width: number; height: number; toPage: (box: Box) => Box; warnings?: string[] },
): PageText {
  const { width, height, toPage, warnings = [] } = frame;
  const words = cleanWords(read.words).map((word) => ({
    ...word,
    box: toPage(word.box),
    upright: toPage(word.upright),
  }));
  return {
    page: task.page,
    source: "ocr",
    confidence: meanConfidence(words),
    rotation: read.rotation,
    skew: read.skew,
    language: read.language,
    width,
    height,
    text: textOfWords(words),
    words,
    warnings: [
      ...warnings,
      ...(words.length === 0 ? [`page ${task.page}: no text was found on this page`] : []),
    ],
  };
}

function scaleBox({ x0, y0, x1, y1 }: Box, factor: number): Box {
  return { x0: x0 * factor, y0: y0 * factor, x1: x1 * factor, y1: y1 * factor };
}
