import { decodeOddBmp } from "./bmp.ts";
import type { LoadedCore } from "./core-module.ts";
import { type DecodedImage, decodeImage } from "./image.ts";
import { readImageSize } from "./image-size.ts";
import { limits } from "./limits.ts";
import { PdfDocument } from "./pdf.ts";
import { type LoadedPdfium, loadPdfium } from "./pdfium.ts";
import type { SharedDocument } from "./protocol.ts";
import { Recognizer } from "./recognizer.ts";
import { Refusal, tooManyPixels } from "./refusal.ts";
import { stillWebp } from "./still-webp.ts";
import { listTiffPages, withFirstPage } from "./tiff.ts";
import { joinTiffParts } from "./tiff-image.ts";
import { cutTiffPage } from "./tiff-pixels.ts";

/** What the engines need of their thread. */
export interface EnginesOptions {
  /** Where further language data lies; empty for none. */
  languagesFolder: string;
  /** The engines as all threads share them, as soon as they are compiled. */
  core: Promise<WebAssembly.Module>;
  pdfium: Promise<WebAssembly.Module>;
  /** Called for each wasm memory before a document comes near it. */
  onMemory(memory: WebAssembly.Memory): void;
}

/** PDFium and Tesseract of one thread, loaded when the first page needs them, and the document that is open. */
export class Engines {
  readonly #options: EnginesOptions;
  readonly #memories: WebAssembly.Memory[] = [];
  #recognizer: Recognizer | undefined;
  #pdfium: LoadedPdfium | undefined;
  #open: { key: string; pdf: PdfDocument } | undefined;

  constructor(options: EnginesOptions) {
    this.#options = options;
  }

  /** What the wasm heaps have grown to. */
  get heapBytes(): number {
    return this.#memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  }

  /** A page of an image in grey. @throws Refusal when it is damaged or too large. */
  async decodePage(document: SharedDocument, page: number): Promise<DecodedImage> {
    const { core } = await this.useRecognizer();
    const raster = decode(core, document, page);
    if (raster === undefined) throw new Refusal("broken", `the ${document.format} is damaged`);
    return raster;
  }

  /** Opens a PDF, or returns it when it is the one that is open. */
  async openPdf(document: SharedDocument): Promise<PdfDocument> {
    if (this.#open?.key === document.key) return this.#open.pdf;
    this.#open?.pdf.close();
    this.#open = undefined;
    const pdf = new PdfDocument(await this.usePdfium(), document.bytes);
    this.#open = { key: document.key, pdf };
    return pdf;
  }

  /** A copy that may be changed; close it. */
  async openCopy(document: SharedDocument): Promise<PdfDocument> {
    return new PdfDocument(await this.usePdfium(), document.bytes);
  }

  async usePdfium(): Promise<LoadedPdfium> {
    if (this.#pdfium) return this.#pdfium;
    const loaded = await loadPdfium(await this.#options.pdfium);
    this.#keep(loaded.memory);
    this.#pdfium = loaded;
    return loaded;
  }

  async useRecognizer(): Promise<Recognizer> {
    if (this.#recognizer) return this.#recognizer;
    const recognizer = await Recognizer.open(
      this.#options.languagesFolder,
      await this.#options.core,
    );
    this.#keep(recognizer.core.memory);
    this.#recognizer = recognizer;
    return recognizer;
  }

  #keep(memory: WebAssembly.Memory): void {
    this.#memories.push(memory);
    this.#options.onMemory(memory);
  }
}

/** @throws Refusal before anything is decoded when the header tells a size above the limit. */
function decode(
  core: LoadedCore,
  { format, bytes: given }: SharedDocument,
  page: number,
): DecodedImage | undefined {
  const bytes = format === "webp" ? stillWebp(given) : given;
  const tiffPage = format === "tiff" ? listTiffPages(bytes)[page - 1] : undefined;
  const size = format === "tiff" ? tiffPage : readImageSize(format, bytes);
  if (size === undefined || size.width <= 0 || size.height <= 0)
    throw new Refusal("broken", `the ${format} is damaged: its header tells no size`);
  if (size.width * size.height > limits.pagePixels) throw tooManyPixels("picture", size);
  if (format === "bmp") return decodeOddBmp(bytes) ?? decodeImage(core, bytes);
  if (tiffPage === undefined) return decodeImage(core, bytes);
  const parts = cutTiffPage(bytes, tiffPage.offset);
  return parts
    ? joinTiffParts(core, parts)
    : decodeImage(core, withFirstPage(bytes, tiffPage.offset));
}
