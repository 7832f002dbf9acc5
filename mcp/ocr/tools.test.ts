import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { connectStdio } from "../../tests/clients.ts";
import { testServerContract } from "../../tests/contract.ts";
import {
  documentFolder,
  noteFiles,
  noteImage,
  notePdf,
  noteText,
} from "../../tests/ocrDocuments.ts";
import { callTool, type ToolOutcome } from "../../tests/toolCalls.ts";
import { encodePng } from "../../tools/documents/encode.ts";

// Scans are read on machines that do other work as well, in milliseconds.
setDefaultTimeout(60_000);

const server = `${import.meta.dir}/server.ts`;
const folder = documentFolder();
const files = await noteFiles();
for (const [name, data] of Object.entries(files)) folder.write(name, data);
folder.write("three.pdf", await notePdf(3));
folder.write("disguised.txt", files["note.png"] ?? "");
const command = [process.execPath, server, "--documents-root", folder.path];
const connected = await connectStdio(command);
afterAll(async () => {
  await connected[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

testServerContract(command);

function call(args: object, tool = "ocr_document"): Promise<ToolOutcome> {
  return callTool(connected, tool, args);
}

describe("ocr_document", () => {
  test("returns the text layer, the key fields and what it is about, as one JSON text and structured", async () => {
    const result = await call({ document_path: "note.pdf", extract_structured: "true" });
    expect(result).toEqual({
      content: [{ type: "text", text: JSON.stringify(result.structuredContent) }],
      structuredContent: {
        success: true,
        raw_text: `[Page 1]\n${noteText}`,
        confidence: 1,
        processing_time_seconds: expect.any(Number),
        statistics: { word_count: 11, character_count: noteText.length + 9 },
        file_info: {
          name: "note.pdf",
          extension: ".pdf",
          size_bytes: files["note.pdf"]?.length,
          format: "pdf",
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
        page_count: 1,
        pages: [
          {
            page: 1,
            source: "text_layer",
            confidence: 1,
            rotation: 0,
            skew: 0,
            language: "eng",
            width: 260,
            height: 480,
          },
        ],
        language: "eng",
        document_type: "AUTO",
        fields: {
          claim_number: {
            value: "CLM-2025-0042",
            confidence: 1,
            page: 1,
            box: expect.any(Array),
            issues: [],
          },
        },
        warnings: [],
        next_cursor: null,
      },
      isError: false,
    });
  });

  test.each([
    "scan.pdf",
    "note.png",
    "note.jpg",
    "note.tif",
    "note.webp",
    "note.bmp",
    "note.gif",
    "disguised.txt",
  ])("recognises %s by its content", async (document_path) => {
    const { structuredContent } = await call({ document_path, pages: "1" });
    const [page] = structuredContent.pages;
    expect({ text: oneLine(structuredContent.raw_text), source: page.source }).toEqual({
      text: oneLine(`[Page 1]\n${noteText}`),
      source: "ocr",
    });
    expect(structuredContent.confidence).toBeGreaterThan(0.85);
  });

  test.each([
    ["turned by a quarter", [{ kind: "turn", quarters: 1 }], 270],
    ["upside down", [{ kind: "turn", quarters: 2 }], 180],
    ["turned by three quarters", [{ kind: "turn", quarters: 3 }], 90],
    ["skewed", [{ kind: "skew", degrees: 4 }], 0],
    ["faint", [{ kind: "faint", paper: 225, ink: 195 }], 0],
  ] as const)("reads a page that is %s", async (_, effects, rotation) => {
    const png = encodePng(await noteImage(effects));
    const document_base64 = Buffer.from(png).toString("base64");
    const result = await call({ document_path: "scan.png", document_base64, output: "words" });
    const { raw_text, pages } = result.structuredContent;
    expect({ text: oneLine(raw_text), rotation: pages[0].rotation }).toEqual({
      text: oneLine(`[Page 1]\n${noteText}`),
      rotation,
    });
    // Boxes are on the page as it was given.
    const [left, top, right, bottom] = pages[0].words[0].box;
    expect(left >= 0 && top >= 0 && right <= pages[0].width && bottom <= pages[0].height).toBe(
      true,
    );
  });

  test("reads the pages that are asked for, and reports each to a caller that wants to know", async () => {
    const progress: unknown[] = [];
    const result = await connected.client.callTool(
      { name: "ocr_document", arguments: { document_path: "three.pdf", pages: "1,3-9" } },
      undefined,
      { onprogress: (step) => progress.push(step) },
    );
    expect<unknown>(result.structuredContent).toMatchObject({
      page_count: 3,
      pages: [{ page: 1 }, { page: 3 }],
      warnings: ['"1,3-9" names pages that are not there; the document has 3 pages'],
    });
    // The SDK's client drops the report that comes together with the result.
    expect(progress).toEqual([{ progress: 1, total: 2, message: "1 of 2 pages read" }]);
  });

  test("cuts a long text into parts that join again", async () => {
    const whole = await call({ document_path: "three.pdf" });
    let joined = "";
    let cursor: string | null | undefined;
    do {
      const part = await call({
        document_path: "three.pdf",
        max_chars: 100,
        ...(cursor && { cursor }),
      });
      joined += part.structuredContent.raw_text;
      cursor = part.structuredContent.next_cursor;
    } while (cursor);
    expect(joined).toBe(whole.structuredContent.raw_text);
  });

  test("finds out the language of each page", async () => {
    const { structuredContent } = await call({ document_path: "note.png", language: "auto" });
    expect(structuredContent.language).toBe("eng");
  });

  test.each([
    [{ document_path: "away.pdf" }, 'Cannot read the document "away.pdf": no such file'],
    [
      { document_path: "note.pdf", language: "tlh" },
      'Cannot read the document "note.pdf": there is no data of the language "tlh"',
    ],
    [
      { document_path: "note.pdf", pages: "9" },
      'Cannot read the document "note.pdf": "9" names none of its pages; the document has 1 page',
    ],
    [
      { document_path: "three.pdf", pages: "3-1" },
      'Cannot read the document "three.pdf": "3-1" is no list of pages',
    ],
    [
      { document_path: "note.pdf", cursor: "from-99999" },
      'Cannot read the document "note.pdf": "from-99999" is no cursor of it',
    ],
    [
      { document_path: "x", document_base64: "%%%" },
      'Cannot read the document "x": it is no base64',
    ],
  ])("%j is refused in the form that clients know", async (args, error) => {
    const { isError, structuredContent } = await call(args);
    expect({ isError, structuredContent }).toMatchObject({
      isError: true,
      structuredContent: { success: false, error },
    });
  });
});

test("ocr_health_check and list_supported_formats tell what can be done", async () => {
  const health = await call({}, "ocr_health_check");
  const formats = await call({}, "list_supported_formats");
  expect(health.structuredContent).toMatchObject({
    success: true,
    status: "healthy",
    languages: ["eng", "fra"],
  });
  expect(formats.structuredContent.formats.map(({ format }: { format: string }) => format)).toEqual(
    ["pdf", "png", "jpeg", "tiff", "webp", "bmp", "gif"],
  );
});

/** Recognition may break lines elsewhere. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
