import type { Engines } from "./engines.ts";
import { limits } from "./limits.ts";
import type { PageText } from "./model.ts";
import { allocate } from "./pdf.ts";
import { savePdf } from "./pdf-save.ts";
import type { Pdfium } from "./pdfium.ts";
import type { Task } from "./protocol.ts";
import { Refusal } from "./refusal.ts";
import { imageResolution } from "./resolution.ts";
import { writeWords } from "./text-behind.ts";
import { listTiffPages } from "./tiff.ts";

/** One byte a pixel (FPDFBitmap_Gray). */
const greyFormat = 1;

/**
 * Makes a PDF whose text can be found and copied: a PDF keeps its pages and gets the recognised words behind them; each
 * page of an image becomes a page in grey. The whole is made in PDFium's heap, which is bounded.
 * @throws Refusal `too_much_memory` when the result does not fit there.
 */
export async function makeSearchable(
  engines: Engines,
  { document, pages }: Extract<Task, { kind: "searchable" }>,
): Promise<{ bytes: Uint8Array }> {
  const { pdfium } = await engines.usePdfium();
  if (document.format === "pdf") {
    const pdf = await engines.openCopy(document);
    try {
      for (const page of pages) if (page.source === "ocr") addText(pdfium, pdf.handle, page);
      return { bytes: bounded(savePdf(pdfium, pdf.handle)) };
    } finally {
      pdf.close();
    }
  }
  const handle = pdfium._FPDF_CreateNewDocument();
  try {
    // Pages that were not read are kept as they are, as those of a PDF.
    const count = document.format === "tiff" ? listTiffPages(document.bytes).length : 1;
    for (let number = 1; number <= count; number++) {
      const picture = await engines.decodePage(document, number);
      addPicture(pdfium, handle, { picture, page: pages.find(({ page }) => page === number) });
    }
    return { bytes: bounded(savePdf(pdfium, handle)) };
  } finally {
    pdfium._FPDF_CloseDocument(handle);
  }
}

function bounded(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= limits.documentBytes) return bytes;
  throw new Refusal("too_much_memory", `the searchable PDF would have ${bytes.length} bytes`);
}

function addText(pdfium: Pdfium, document: number, page: PageText): void {
  const handle = pdfium._FPDF_LoadPage(document, page.page - 1);
  if (handle === 0) return;
  writeWords(pdfium, { document, page: handle }, page);
  pdfium._FPDFPage_GenerateContent(handle);
  pdfium._FPDF_ClosePage(handle);
}

function addPicture(
  pdfium: Pdfium,
  document: number,
  {
    picture,
    page,
  }: { picture: Awaited<ReturnType<Engines["decodePage"]>>; page: PageText | undefined },
): void {
  const { width, height, data } = picture;
  const scale = 72 / imageResolution(picture);
  const size = { width: width * scale, height: height * scale };
  const index = pdfium._FPDF_GetPageCount(document);
  const handle = pdfium._FPDFPage_New(document, index, size.width, size.height);
  const pixels = allocate(pdfium, data.length);
  pdfium.HEAPU8.set(data, pixels);
  const bitmap = pdfium._FPDFBitmap_CreateEx(width, height, greyFormat, pixels, width);
  const image = pdfium._FPDFPageObj_NewImageObj(document);
  pdfium._FPDFImageObj_SetBitmap(0, 0, image, bitmap);
  pdfium._FPDFBitmap_Destroy(bitmap);
  pdfium.wasmExports.free(pixels);
  const matrix = allocate(pdfium, 24);
  new Float32Array(pdfium.HEAPU8.buffer, matrix, 6).set([size.width, 0, 0, size.height, 0, 0]);
  pdfium._FPDFPageObj_SetMatrix(image, matrix);
  pdfium.wasmExports.free(matrix);
  pdfium._FPDFPage_InsertObject(handle, image);
  if (page) writePictureWords(pdfium, { document, handle, scale }, { ...page, ...size });
  pdfium._FPDFPage_GenerateContent(handle);
  pdfium._FPDF_ClosePage(handle);
}

function writePictureWords(
  pdfium: Pdfium,
  { document, handle, scale }: { document: number; handle: number; scale: number },
  page: PageText,
): void {
  const toPoints = ({ x0, y0, x1, y1 }: PageText["words"][number]["box"]) => ({
    x0: x0 * scale,
    y0: y0 * scale,
    x1: x1 * scale,
    y1: y1 * scale,
  });
  const words = page.words.map((word) => ({ ...word, box: toPoints(word.box) }));
  writeWords(pdfium, { document, page: handle }, { ...page, words });
}
