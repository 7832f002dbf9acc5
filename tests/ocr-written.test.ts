import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { encodePng } from "../tools/documents/encode.ts";
import { readPdf } from "../tools/documents/render.ts";
import { scanPdf } from "../tools/documents/scan.ts";
import { connectStdio } from "./clients.ts";
import { documentFolder, noteFiles, noteImage, noteText } from "./ocrDocuments.ts";
import { root, runToEnd } from "./program.ts";
import { callTool, type ToolOutcome } from "./toolCalls.ts";

// Scans are read on machines that do other work as well, in milliseconds.
setDefaultTimeout(60_000);

const binary = join(root, "dist/ocr-mcp");
const folder = documentFolder();
const files = await noteFiles();
for (const [name, data] of Object.entries(files)) folder.write(`in/${name}`, data);
const turned = await noteImage([{ kind: "turn", quarters: 1 }]);
folder.write("in/turned.pdf", await scanPdf("Turned", [turned], 90));
// Its words stand at different heights, and were run together by readers that look for gaps on a line.
const skewed = await noteImage([{ kind: "skew", degrees: 3 }]);
folder.write("in/skewed.png", encodePng(skewed));
const [input, output] = [join(folder.path, "in"), join(folder.path, "out")];
mkdirSync(output);
const command = [binary, "--documents-root", input];
const connected = await connectStdio([...command, "--output-dir", output]);
afterAll(async () => {
  await connected[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

function make(args: object): Promise<ToolOutcome> {
  return callTool(connected, "make_searchable_pdf", args);
}

describe("make_searchable_pdf", () => {
  test.each(["scan.pdf", "turned.pdf", "note.png", "note.tif", "skewed.png"])(
    "writes %s with its text behind the picture",
    async (document_path) => {
      const { structuredContent } = await make({ document_path, overwrite: true });
      const path = join(output, document_path.replace(/\.\w+$/, ".searchable.pdf"));
      const pages = await readPdf(readFileSync(path), 72);
      const wanted =
        document_path === "note.tif" ? [oneLine(noteText), oneLine(noteText)] : [oneLine(noteText)];
      expect({ ...structuredContent, texts: pages.map(({ text }) => oneLine(text)) }).toEqual({
        success: true,
        output_path: path,
        size_bytes: readFileSync(path).length,
        page_count: wanted.length,
        recognized_pages: wanted.length,
        confidence: expect.any(Number),
        warnings: [],
        texts: wanted,
      });
    },
  );

  test("says that pages beyond the limit cannot be searched", async () => {
    await using short = await connectStdio([
      ...command,
      ...["--output-dir", output, "--max-pdf-pages", "1"],
    ]);
    const args = { document_path: "note.tif", output_name: "short.pdf" };
    const { structuredContent } = await callTool(short, "make_searchable_pdf", args);
    const pages = await readPdf(readFileSync(structuredContent.output_path), 72);
    expect({ ...structuredContent, texts: pages.map(({ text }) => oneLine(text)) }).toMatchObject({
      page_count: 2,
      recognized_pages: 1,
      warnings: ["only the first 1 of 2 pages were read; the others cannot be searched"],
      texts: [oneLine(noteText), ""],
    });
  });

  test("leaves the pages as they look", async () => {
    await make({ document_path: "scan.pdf", overwrite: true });
    const [before] = await readPdf(files["scan.pdf"] ?? new Uint8Array(), 72);
    const [after] = await readPdf(readFileSync(join(output, "scan.searchable.pdf")), 72);
    expect(after?.image).toEqual(before?.image);
  });

  test("replaces a file only when it is told to", async () => {
    writeFileSync(join(output, "mine.pdf"), "mine");
    const args = { document_path: "scan.pdf", output_name: "mine.pdf" };
    const refused = await make(args);
    const kept = readFileSync(join(output, "mine.pdf"), "utf8");
    const replaced = await make({ ...args, overwrite: true });
    expect({ error: refused.structuredContent.error, kept, replaced: replaced.isError }).toEqual({
      error: `Cannot write ${JSON.stringify(join(output, "mine.pdf"))}: it exists already`,
      kept: "mine",
      replaced: false,
    });
    expect(readdirSync(output).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  test.each(["../up.pdf", "a/b.pdf", "/tmp/x.pdf", ".hidden", "", "a\0b"])(
    "refuses the name %j",
    async (output_name) => {
      const { isError } = await make({ document_path: "scan.pdf", output_name });
      expect(isError).toBe(true);
    },
  );

  test("writes nothing without an output folder", async () => {
    await using unable = await connectStdio(command);
    const { structuredContent } = await callTool(unable, "make_searchable_pdf", {
      document_path: "scan.pdf",
    });
    expect(structuredContent).toEqual({
      success: false,
      error: "Cannot write a searchable PDF: no output folder is set",
      hint: "Start the server with --output-dir.",
    });
  });
});

describe("ocr-mcp read", () => {
  const read = (...args: string[]) => runToEnd([binary, "read", ...args]);

  test("--searchable writes the PDF, --show a picture of each page", async () => {
    const [pdf, png] = [join(folder.path, "found.pdf"), join(folder.path, "page.png")];
    const told = await read("--searchable", pdf, "--show", png, join(input, "note.tif"));
    const pages = await readPdf(readFileSync(pdf), 72);
    const shown = await Promise.all(
      [1, 2].map(async (page) =>
        new Bun.Image(readFileSync(png.replace(".png", `-${page}.png`))).metadata(),
      ),
    );
    const { width, height } = await noteImage();
    expect({
      code: told.code,
      texts: pages.map(({ text }) => oneLine(text)),
      shown: shown.map((picture) => [picture.width, picture.height]),
    }).toEqual({
      code: 0,
      texts: [oneLine(noteText), oneLine(noteText)],
      shown: [
        [width, height],
        [width, height],
      ],
    });
  });

  test("--show frames words that were read well in green", async () => {
    const png = join(folder.path, "green.png");
    await read("--show", png, join(input, "note.png"));
    const file = readFileSync(png);
    // Signature and header take 33 bytes; the picture's data follows its length and name.
    const pixels = inflateSync(file.subarray(41, 41 + file.readUInt32BE(33)));
    expect(pixels.includes(Buffer.from([0, 150, 60]))).toBe(true);
  });

  test("never replaces the document by what it makes of it", async () => {
    const file = join(input, "note.png");
    const told = await read("--searchable", file, file);
    expect({
      ...told,
      isThere: existsSync(file),
      same: readFileSync(file).equals(encodePng(await noteImage())),
    }).toEqual({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining("it is the document"),
      isThere: true,
      same: true,
    });
  });
});

/** Words at the ends of lines may be read in other lines. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
