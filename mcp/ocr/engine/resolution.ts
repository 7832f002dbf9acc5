import type { DecodedImage } from "./image.ts";
import { limits } from "./limits.ts";
import type { Raster } from "./model.ts";
import type { PdfPage } from "./pdf.ts";
import { type PictureText, readPicture } from "./picture.ts";
import type { Recognizer } from "./recognizer.ts";
import { repair } from "./repair.ts";

/** Resolutions, in dots per inch, at which the core reads well; finer ones only take longer. */
const usefulDpi = { least: 150, most: 300 };
/** The longer side of the paper that an image of unknown resolution is taken for, in inches. */
const usualPaperInches = 11.7;
/** A page that is read this well at a coarse resolution gains nothing from a finer one. */
const sureFrom = 0.9;
/** A finer resolution must be finer by this factor to be worth a second look. */
const finerBy = 1.2;

/** A page that can be had as a picture at several resolutions, up to its own. */
export interface PageImage {
  /** The finest that is of use, in dots per inch. */
  dpi: number;
  at(dpi: number): Raster;
}

/** What a page says; boxes are in the pixels of its picture at `dpi`. */
export interface ReadImage extends PictureText {
  dpi: number;
}

/**
 * Reads a page at the quick resolution, and at its own one when that is finer and the page is damaged or read badly:
 * most scans are finer than reading needs, and take a fifth more time at their own resolution.
 */
export async function readImage(
  recognizer: Recognizer,
  image: PageImage,
  { languages, quickDpi }: { languages: readonly string[]; quickDpi: number },
): Promise<ReadImage> {
  if (image.dpi < quickDpi * finerBy) return readAt(image.dpi, repair(image.at(image.dpi)));
  const given = image.at(quickDpi);
  const repaired = repair(given);
  const quick = repaired === given ? await readAt(quickDpi, given) : undefined;
  if (quick && quick.confidence >= sureFrom) return quick;
  const fine = await readAt(image.dpi, repair(image.at(image.dpi)));
  return quick && quick.confidence > fine.confidence ? quick : fine;

  async function readAt(dpi: number, raster: Raster): Promise<ReadImage> {
    return { ...(await readPicture(recognizer, raster, { languages, dpi })), dpi };
  }
}

/** A scan is read at its own resolution if that is useful; a page too large for it gets the best one that fits. */
export function pdfResolution({ width, height }: PdfPage, dpi: number): number {
  const inches = (width / 72) * (height / 72);
  const useful = Math.min(usefulDpi.most, Math.max(usefulDpi.least, Math.round(dpi)));
  return Math.min(useful, Math.sqrt(limits.recognizedPixels / inches));
}

/** What the file tells, unless that is no resolution of a scanner; else what an ordinary page would have. */
export function imageResolution({ dpi, width, height }: DecodedImage): number {
  if (dpi >= usefulDpi.least && dpi <= 1200) return dpi;
  const guess = Math.max(width, height) / usualPaperInches;
  return Math.min(usefulDpi.most, Math.max(70, guess));
}
