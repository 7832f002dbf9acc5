import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { connectStdio } from "../../tests/clients.ts";
import { noteFiles, noteImage, noteText, pictureFiles } from "../../tests/ocrDocuments.ts";
import { variantFiles } from "../../tests/ocrVariants.ts";
import { callTool } from "../../tests/toolCalls.ts";

// Scans are read on machines that do other work as well, in milliseconds.
setDefaultTimeout(60_000);

const connected = await connectStdio([process.execPath, `${import.meta.dir}/server.ts`]);
afterAll(() => connected[Symbol.asyncDispose]());
const files = await noteFiles();
const variants = await variantFiles(await noteImage(), files["note.webp"] ?? new Uint8Array());
const pictures = await pictureFiles();

async function read(data: Uint8Array): Promise<{ raw_text: string; error: string }> {
  const args = { document_path: "note", document_base64: Buffer.from(data).toString("base64") };
  return (await callTool(connected, "ocr_document", args)).structuredContent;
}

// All of them were called damaged, though nothing is wrong with them.
describe("a picture is read however its format keeps it,", () => {
  test.each(Object.keys(variants))("%s", async (name) => {
    const { raw_text } = await read(variants[name] ?? new Uint8Array());
    expect(raw_text.split(/\s+/).slice(2)).toEqual(noteText.split(/\s+/));
  });
});

describe("a picture of another program is read,", () => {
  test.each(Object.keys(pictures))("%s", async (name) => {
    const { raw_text } = await read(pictures[name] ?? new Uint8Array());
    const pages = name === "big.tif" ? [1, 2] : [1];
    expect(raw_text).toBe(pages.map((page) => `[Page ${page}]\n${noteText}`).join("\n\n"));
  });
});

test.each([
  [
    "deflate.tif",
    259,
    50_000,
    "the TIFF keeps its pixels in a way that is not read: compression 50000",
  ],
  [
    "tiles.tif",
    259,
    34_712,
    "the TIFF keeps its pixels in a way that is not read, in tiles: compression 34712",
  ],
  ["differences.tif", 317, 3, "the TIFF keeps its pixels in a way that is not read: compression 8"],
] as const)(
  "%s with %i set to %i is called what it is, and not damaged",
  async (name, tag, value, state) => {
    const copy = Buffer.from(variants[name] ?? []);
    for (let entry = 10; entry < 10 + (copy[8] ?? 0) * 12; entry += 12)
      if (copy.readUInt16LE(entry) === tag) copy.writeUInt32LE(value, entry + 8);
    expect((await read(copy)).error).toBe(`Cannot read the document "note": ${state}`);
  },
);
