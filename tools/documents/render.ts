import { PDFiumLibrary } from "@hyzyla/pdfium";
import type { GreyImage } from "./image.ts";

let library: Promise<PDFiumLibrary> | undefined;

/** One page of a PDF as a reader sees it. */
export interface ReadPage {
  /** The text layer, empty for a scan. */
  text: string;
  image: GreyImage;
}

/** Reads the text layer of every page of a PDF and renders the page in grey. */
export async function readPdf(pdf: Uint8Array, dpi: number): Promise<ReadPage[]> {
  library ??= PDFiumLibrary.init();
  const document = await (await library).loadDocument(pdf);
  const pages: ReadPage[] = [];
  for (let index = 0; index < document.getPageCount(); index++) {
    const page = document.getPage(index);
    // First the text: render closes the page.
    const text = page.getText();
    const { width, height, data } = await page.render({
      scale: dpi / 72,
      colorSpace: "Gray",
      render: "bitmap",
    });
    pages.push({ text, image: { width, height, dpi, pixels: Uint8Array.from(data) } });
  }
  document.destroy();
  return pages;
}
