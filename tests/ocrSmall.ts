/** The top of the note in every format that has no file of its own, so that a variant takes little time. */
import { encodePng } from "../tools/documents/encode.ts";
import type { GreyImage } from "../tools/documents/image.ts";
import { noteImage } from "./ocrDocuments.ts";
import { variantFiles } from "./ocrVariants.ts";

export async function smallPng(): Promise<Uint8Array> {
  return encodePng(await smallImage());
}

/** PNG, WebP and the variants of the other formats, by the names of their files. */
export async function smallFiles(): Promise<Record<string, Uint8Array>> {
  const png = await smallPng();
  const webp = await new Bun.Image(png).webp().bytes();
  return { ...(await variantFiles(await smallImage(), webp)), "note.png": png, "note.webp": webp };
}

async function smallImage(): Promise<GreyImage> {
  const { width, dpi, pixels } = await noteImage();
  return { width, height: 110, dpi, pixels: pixels.subarray(0, width * 110) };
}
