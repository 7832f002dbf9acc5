import type { Format } from "./model.ts";

/** What a file is, told by its first bytes; undefined for anything that is not read. */
export function sniffFormat(bytes: Uint8Array): Format | undefined {
  const head = Buffer.from(bytes.subarray(0, 1024)).toString("latin1");
  for (const [format, pattern] of signatures) if (pattern.test(head)) return format;
  return undefined;
}

/** A PDF may have other bytes before its header (ISO 32000-1, annex H, note 13: within the first 1,024). */
const signatures: readonly (readonly [Format, RegExp])[] = [
  ["png", /^\x89PNG\r\n\x1a\n/],
  ["jpeg", /^\xff\xd8\xff/],
  ["tiff", /^(?:II\x2a\0|MM\0\x2a|II\x2b\0\x08\0\0\0|MM\0\x2b\0\x08\0\0)/],
  ["webp", /^RIFF.{4}WEBP/s],
  ["gif", /^GIF8[79]a/],
  ["bmp", /^BM.{12}[\x0c-\x7c]\0\0\0/s],
  ["pdf", /%PDF-\d/],
];

/** Extensions and media type of each format, for people and for the answer's file_info. */
export const formatNames: Readonly<Record<Format, { extensions: string[]; mediaType: string }>> = {
  pdf: { extensions: ["pdf"], mediaType: "application/pdf" },
  png: { extensions: ["png"], mediaType: "image/png" },
  jpeg: { extensions: ["jpg", "jpeg"], mediaType: "image/jpeg" },
  tiff: { extensions: ["tiff", "tif"], mediaType: "image/tiff" },
  webp: { extensions: ["webp"], mediaType: "image/webp" },
  bmp: { extensions: ["bmp"], mediaType: "image/bmp" },
  gif: { extensions: ["gif"], mediaType: "image/gif" },
};
