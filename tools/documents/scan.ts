import type { PDFDocument } from "pdf-lib";
import { encodeJpeg } from "./encode.ts";
import type { GreyImage } from "./image.ts";
import { emptyPdf } from "./pdf.ts";

/** A PDF of pictures only, as scanners write it: each page is one JPEG and has no text. */
export async function scanPdf(
  title: string,
  images: readonly GreyImage[],
  quality: number,
): Promise<Uint8Array> {
  const document = await emptyPdf(title);
  for (const image of images) await addScan(document, image, quality);
  return document.save();
}

/** Adds a scanned page at the size of its sheet. */
export async function addScan(
  document: PDFDocument,
  image: GreyImage,
  quality: number,
): Promise<void> {
  const size = { width: (image.width * 72) / image.dpi, height: (image.height * 72) / image.dpi };
  const picture = await document.embedJpg(encodeJpeg(image, quality));
  document.addPage([size.width, size.height]).drawImage(picture, { x: 0, y: 0, ...size });
}
