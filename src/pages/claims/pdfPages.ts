import { PDFiumLibrary } from "@hyzyla/pdfium";
import wasmPath from "@hyzyla/pdfium/pdfium.wasm" with { type: "file" };

/** The most pages that are drawn, and the width in which they are, in pixels. */
const pageLimitCount = 50;
const widthPixels = 1_200;

/** One page as a picture, with its size in points, the unit of what was read from it. */
export interface DrawnPage {
  page: number;
  width: number;
  height: number;
  picture: ImageData;
}

/** Draws the pages of a PDF in the browser, so that a hostile one costs its reader's tab and nobody else. */
export async function drawPdf(bytes: Uint8Array, isGone: () => boolean): Promise<DrawnPage[]> {
  const library = await openLibrary();
  const document = await library.loadDocument(bytes);
  const drawn: DrawnPage[] = [];
  try {
    const count = Math.min(document.getPageCount(), pageLimitCount);
    for (let index = 0; index < count && !isGone(); index++) {
      const page = document.getPage(index);
      const { originalWidth: width, originalHeight: height } = page.getOriginalSize();
      const {
        data,
        width: across,
        height: down,
      } = await page.render({
        scale: widthPixels / Math.max(1, width),
        colorSpace: "BGRA",
        render: async (options) => options.data,
      });
      drawn.push({ page: index + 1, width, height, picture: pictureOf(data, across, down) });
    }
  } finally {
    document.destroy();
  }
  return drawn;
}

let opened: Promise<PDFiumLibrary> | undefined;

function openLibrary(): Promise<PDFiumLibrary> {
  // The address is relative to this script, wherever the page itself is.
  opened ??= PDFiumLibrary.init({ wasmUrl: new URL(wasmPath, import.meta.url).href });
  return opened;
}

function pictureOf(bgra: Uint8Array, width: number, height: number): ImageData {
  const rgba = new Uint8ClampedArray(bgra.length);
  for (let at = 0; at < bgra.length; at += 4) {
    rgba[at] = bgra[at + 2] ?? 0;
    rgba[at + 1] = bgra[at + 1] ?? 0;
    rgba[at + 2] = bgra[at] ?? 0;
    rgba[at + 3] = 255;
  }
  return new ImageData(rgba, width, height);
}
