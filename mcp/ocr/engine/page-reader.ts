import { type DecodedImage, decodeImage } from "./image.ts";
import { readImageSize } from "./image-size.ts";
import { guessLanguage } from "./language-guess.ts";
import { cleanWords, textOfWords } from "./layout.ts";
import { limits } from "./limits.ts";
import { type Box, meanConfidence, type PageText, type Raster, type Word } from "./model.ts";
import { PdfDocument, type PdfPage } from "./pdf.ts";
import { type LoadedPdfium, loadPdfium } from "./pdfium.ts";
import { type PictureText, readPicture } from "./picture.ts";
import type { SharedDocument, Task } from "./protocol.ts";
import { judgeLayer } from "./quality.ts";
import { scale } from "./raster.ts";
import { Recognizer } from "./recognizer.ts";
import { Refusal } from "./refusal.ts";
import { wordsOfLayer } from "./text-layer.ts";
import { listTiffPages, withFirstPage } from "./tiff.ts";

type PageTask = Extract<Task, { kind: "page" }>;

/** Resolutions, in dots per inch, at which the core reads well; finer ones only take longer. */
const usefulDpi = { least: 150, most: 300 };
/** The longer side of the paper that an image of unknown resolution is taken for, in inches. */
const usualPaperInches = 11.7;
/** A picture that covers this part of a page is the page's scan. */
const scanCoverage = 0.5;

/** What a reader needs of its thread. */
export interface ReaderOptions {
  /** Where further language data lies; empty for none. */
  languagesFolder: string;
  /** Called for each wasm memory before a document comes near it. */
  onMemory(memory: WebAssembly.Memory): void;
}

/** Reads pages on one thread; the engines are loaded when the first page needs them. */
export class PageReader {
  readonly #options: ReaderOptions;
  readonly #memories: WebAssembly.Memory[] = [];
  #recognizer: Recognizer | undefined;
  #pdfium: LoadedPdfium | undefined;
  #open: { key: string; pdf: PdfDocument } | undefined;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** What the wasm heaps have grown to. */
  get heapBytes(): number {
    return this.#memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  }

  async inspect({ document }: Extract<Task, { kind: "inspect" }>): Promise<{ pages: number }> {
    if (document.format === "pdf") {
      const pages = (await this.#openPdf(document)).pageCount;
      if (pages < 1) throw new Refusal("broken", "the PDF has no pages");
      return { pages };
    }
    if (document.format !== "tiff") return { pages: 1 };
    const pages = listTiffPages(document.bytes).length;
    if (pages === 0) throw new Refusal("broken", "the TIFF is damaged: it has no page");
    return { pages };
  }

  async readPage(task: PageTask): Promise<PageText> {
    return task.document.format === "pdf" ? this.#readPdfPage(task) : this.#readImage(task);
  }

  async #readPdfPage(task: PageTask): Promise<PageText> {
    const page = (await this.#openPdf(task.document)).openPage(task.page);
    try {
      const characters = page.readCharacters();
      const content = page.readContent();
      const verdict = judgeLayer(characters, content);
      if (verdict === "good") return layerText(task, page, wordsOfLayer(characters));
      const dpi = resolutionOf(page, content.coverage > scanCoverage ? content.dpi : task.dpi);
      const read = await this.#recognize(page.render(dpi), dpi, task);
      const factor = 72 / dpi;
      return pageText(task, read, {
        width: page.width,
        height: page.height,
        toPage: (box) => scaleBox(box, factor),
      });
    } finally {
      page.close();
    }
  }

  async #readImage(task: PageTask): Promise<PageText> {
    const picture = await this.#decode(task);
    const factor = Math.min(
      1,
      Math.sqrt(limits.recognizedPixels / (picture.width * picture.height)),
    );
    const dpi = Math.round(imageDpi(picture) * factor);
    const read = await this.#recognize(scale(picture, factor), dpi, task);
    return pageText(task, read, {
      width: picture.width,
      height: picture.height,
      toPage: (box) => scaleBox(box, 1 / factor),
    });
  }

  /** The page's picture in grey, at the document's own resolution for an image. */
  async #decode({ document, page }: PageTask): Promise<DecodedImage> {
    const { core } = await this.#useRecognizer();
    const bytes = pictureBytes(document, page);
    const raster = decodeImage(core, bytes);
    if (raster === undefined) throw new Refusal("broken", `the ${document.format} is damaged`);
    return raster;
  }

  async #recognize(raster: Raster, dpi: number, task: PageTask): Promise<ReadPicture> {
    const recognizer = await this.#useRecognizer();
    if (task.languages.length > 0) {
      const read = await readPicture(recognizer, raster, { languages: task.languages, dpi });
      return { ...read, language: task.languages.join("+") };
    }
    const read = await readPicture(recognizer, raster, { languages: [task.likely], dpi });
    const language = guessLanguage(textOfWords(read.words), task.likely);
    if (language === task.likely) return { ...read, language };
    const again = await readPicture(recognizer, raster, { languages: [language], dpi });
    return { ...again, language };
  }

  async #openPdf(document: SharedDocument): Promise<PdfDocument> {
    if (this.#open?.key === document.key) return this.#open.pdf;
    this.#open?.pdf.close();
    this.#open = undefined;
    const pdf = new PdfDocument(await this.#usePdfium(), document.bytes);
    this.#open = { key: document.key, pdf };
    return pdf;
  }

  async #usePdfium(): Promise<LoadedPdfium> {
    if (this.#pdfium) return this.#pdfium;
    const loaded = await loadPdfium();
    this.#keep(loaded.memory);
    this.#pdfium = loaded;
    return loaded;
  }

  async #useRecognizer(): Promise<Recognizer> {
    if (this.#recognizer) return this.#recognizer;
    const recognizer = await Recognizer.open(this.#options.languagesFolder);
    this.#keep(recognizer.core.memory);
    this.#recognizer = recognizer;
    return recognizer;
  }

  #keep(memory: WebAssembly.Memory): void {
    this.#memories.push(memory);
    this.#options.onMemory(memory);
  }
}

interface ReadPicture extends PictureText {
  language: string;
}

/** A scan is read at its own resolution if that is useful; a page too large for it gets the best one that fits. */
function resolutionOf({ width, height }: PdfPage, dpi: number): number {
  const inches = (width / 72) * (height / 72);
  const useful = Math.min(usefulDpi.most, Math.max(usefulDpi.least, Math.round(dpi)));
  return Math.min(useful, Math.sqrt(limits.recognizedPixels / inches));
}

/** What the file tells, unless that is no resolution of a scanner; else what an ordinary page would have. */
function imageDpi({ dpi, width, height }: DecodedImage): number {
  if (dpi >= usefulDpi.least && dpi <= 1200) return dpi;
  const guess = Math.max(width, height) / usualPaperInches;
  return Math.min(usefulDpi.most, Math.max(70, guess));
}

/** @throws Refusal before anything is decoded when the header tells a size above the limit. */
function pictureBytes(document: SharedDocument, page: number): Uint8Array {
  const { format, bytes } = document;
  const tiffPage = format === "tiff" ? listTiffPages(bytes)[page - 1] : undefined;
  const size = format === "tiff" ? tiffPage : readImageSize(format, bytes);
  if (size === undefined || size.width <= 0 || size.height <= 0)
    throw new Refusal("broken", `the ${format} is damaged: its header tells no size`);
  if (size.width * size.height > limits.pagePixels)
    throw new Refusal("too_many_pixels", `the picture has ${size.width} x ${size.height} pixels`);
  return tiffPage ? withFirstPage(bytes, tiffPage.offset) : bytes;
}

function layerText(task: PageTask, page: PdfPage, layer: readonly Word[]): PageText {
  const words = cleanWords(layer);
  const text = textOfWords(words);
  return {
    page: task.page,
    source: "text_layer",
    confidence: 1,
    rotation: 0,
    skew: 0,
    language: guessLanguage(text, task.languages[0] ?? task.likely),
    width: page.width,
    height: page.height,
    text,
    words,
    warnings: [],
  };
}

function pageText(
  task: PageTask,
  read: ReadPicture,
  frame: { width: number; height: number; toPage: (box: Box) => Box },
): PageText {
  const { width, height, toPage } = frame;
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
    warnings: words.length === 0 ? ["no text was found on this page"] : [],
  };
}

function scaleBox({ x0, y0, x1, y1 }: Box, factor: number): Box {
  return { x0: x0 * factor, y0: y0 * factor, x1: x1 * factor, y1: y1 * factor };
}
