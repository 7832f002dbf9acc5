import { limits } from "./limits.ts";
import type { Raster } from "./model.ts";
import type { LoadedPdfium, Pdfium } from "./pdfium.ts";
import { Refusal, tooManyPixels } from "./refusal.ts";
import { type LayerCharacter, readCharacters } from "./text-layer.ts";

/** FPDF_GetLastError: a password is needed, or the security scheme is unknown. */
const securityErrors: readonly number[] = [4, 5];
const imageObject = 3;
/** One byte a pixel (FPDFBitmap_Gray), annotations drawn, grey output (FPDF_ANNOT, FPDF_GRAYSCALE). */
const greyFormat = 1;
const renderFlags = 0x01 | 0x08;
/** Objects of a page that are looked at for pictures; a drawing may have millions. */
const objectsLimit = 20_000;

/** What a page holds beside its text. */
export interface PageContent {
  objects: number;
  /** The part of the page that its largest picture covers, 0 to 1. */
  coverage: number;
  /** The resolution of that picture as it is placed, in dots per inch; 0 without one. */
  dpi: number;
}

/** One PDF in PDFium's heap; close it. */
export class PdfDocument {
  readonly #loaded: LoadedPdfium;
  readonly #data: number;
  readonly #document: number;

  /** @throws Refusal `encrypted`, `broken` or `too_much_memory`. */
  constructor(loaded: LoadedPdfium, bytes: Uint8Array) {
    this.#loaded = loaded;
    const { pdfium } = loaded;
    this.#data = allocate(pdfium, bytes.length);
    pdfium.HEAPU8.set(bytes, this.#data);
    this.#document = pdfium._FPDF_LoadMemDocument(this.#data, bytes.length, 0);
    if (this.#document !== 0) return;
    const code = pdfium._FPDF_GetLastError();
    pdfium.wasmExports.free(this.#data);
    throw securityErrors.includes(code)
      ? new Refusal("encrypted", "the PDF is encrypted and asks for a password")
      : new Refusal("broken", "the PDF is damaged");
  }

  /** Its address in PDFium's heap. */
  get handle(): number {
    return this.#document;
  }

  get pageCount(): number {
    return this.#loaded.pdfium._FPDF_GetPageCount(this.#document);
  }

  /** @param number From 1. */
  openPage(number: number): PdfPage {
    const { pdfium } = this.#loaded;
    const load = () => pdfium._FPDF_LoadPage(this.#document, number - 1);
    let page = load();
    if (page === 0) throw new Refusal("broken", `page ${number} of the PDF is damaged`);
    // What people typed into a form lies in annotations, which have no text until they are part of the page.
    if (pdfium._FPDFPage_GetAnnotCount(page) > 0 && pdfium._FPDFPage_Flatten(page, 0) === 1) {
      pdfium._FPDF_ClosePage(page);
      page = load();
    }
    return new PdfPage(pdfium, page);
  }

  close(): void {
    const { pdfium } = this.#loaded;
    pdfium._FPDF_CloseDocument(this.#document);
    pdfium.wasmExports.free(this.#data);
  }
}

/** One page of an open PDF; close it before its document. Sizes and places are in points from the top left corner. */
export class PdfPage {
  readonly width: number;
  readonly height: number;
  readonly #pdfium: Pdfium;
  readonly #page: number;

  constructor(pdfium: Pdfium, page: number) {
    this.#pdfium = pdfium;
    this.#page = page;
    this.width = pdfium._FPDF_GetPageWidth(page);
    this.height = pdfium._FPDF_GetPageHeight(page);
  }

  /** The characters of the text layer, in the order of the page's content. */
  readCharacters(): LayerCharacter[] {
    return readCharacters(this.#pdfium, this.#page, this);
  }

  readContent(): PageContent {
    const count = this.#pdfium._FPDFPage_CountObjects(this.#page);
    const content: PageContent = { objects: count, coverage: 0, dpi: 0 };
    const place = allocate(this.#pdfium, 24);
    for (let index = 0; index < Math.min(count, objectsLimit); index++) {
      const object = this.#pdfium._FPDFPage_GetObject(this.#page, index);
      if (this.#pdfium._FPDFPageObj_GetType(object) !== imageObject) continue;
      const image = this.#readImage(object, place);
      if (image.coverage > content.coverage) Object.assign(content, image);
    }
    this.#pdfium.wasmExports.free(place);
    return content;
  }

  #readImage(object: number, place: number): { coverage: number; dpi: number } {
    const pdfium = this.#pdfium;
    pdfium._FPDFPageObj_GetBounds(object, place, place + 4, place + 8, place + 12);
    pdfium._FPDFImageObj_GetImagePixelSize(object, place + 16, place + 20);
    const view = new DataView(pdfium.HEAPU8.buffer, place, 24);
    const [left, bottom, right, top] = [0, 4, 8, 12].map((at) => view.getFloat32(at, true));
    const wide = Math.abs((right ?? 0) - (left ?? 0));
    const high = Math.abs((top ?? 0) - (bottom ?? 0));
    const pixels = Math.sqrt(view.getUint32(16, true) * view.getUint32(20, true));
    return {
      coverage: Math.min(1, (wide * high) / (this.width * this.height)),
      dpi: (pixels / Math.sqrt(wide * high)) * 72,
    };
  }

  /** @throws Refusal `too_many_pixels` when the page is so large that no useful resolution remains. */
  render(dpi: number): Raster {
    const width = Math.max(1, Math.round((this.width * dpi) / 72));
    const height = Math.max(1, Math.round((this.height * dpi) / 72));
    if (width * height > limits.pagePixels) throw tooManyPixels("page", { width, height });
    const pdfium = this.#pdfium;
    const pixels = allocate(pdfium, width * height);
    const bitmap = pdfium._FPDFBitmap_CreateEx(width, height, greyFormat, pixels, width);
    pdfium._FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xffffffff);
    pdfium._FPDF_RenderPageBitmap(bitmap, this.#page, 0, 0, width, height, 0, renderFlags);
    pdfium._FPDFBitmap_Destroy(bitmap);
    const data = pdfium.HEAPU8.slice(pixels, pixels + width * height);
    pdfium.wasmExports.free(pixels);
    return { width, height, data };
  }

  close(): void {
    this.#pdfium._FPDF_ClosePage(this.#page);
  }
}

/** Memory of PDFium's heap. @throws Refusal when there is none left. */
export function allocate(pdfium: Pdfium, bytes: number): number {
  const address = pdfium.wasmExports.malloc(bytes);
  if (address === 0) throw new Refusal("too_much_memory", "the document needs too much memory");
  return address;
}
