import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { connectHttp, connectStdio } from "../../tests/clients.ts";
import { documentFolder, noteFiles, noteImage, noteText } from "../../tests/ocrDocuments.ts";
import { runListening } from "../../tests/program.ts";
import { callTool } from "../../tests/toolCalls.ts";
import { encodeTiff } from "../../tools/documents/encode.ts";

// Scans are read on machines that do other work as well, in milliseconds.
setDefaultTimeout(120_000);

const server = [process.execPath, `${import.meta.dir}/server.ts`];
const limitBytes = 7 * 1024 * 1024;
const files = await noteFiles();
const folder = documentFolder();
afterAll(() => folder[Symbol.dispose]());

/** A PNG may be followed by anything. */
function inline(sizeBytes: number): { document_path: string; document_base64: string } {
  const document = Buffer.alloc(sizeBytes);
  document.set(files["note.png"] ?? []);
  return { document_path: "note.png", document_base64: document.toString("base64") };
}

// The HTTP front took 4 MiB, and stdio takes 10: a document below the limit that was told got no answer there.
test("a document of the largest size in base64 is read over stdio and over HTTP", async () => {
  await using stdio = await connectStdio(server);
  await using program = await runListening([...server, "--transport", "http", "--port", "0"]);
  await using http = await connectHttp(`${program.url}/mcp`);
  for (const client of [stdio, http]) {
    const { structuredContent } = await callTool(client, "ocr_document", inline(limitBytes));
    expect(structuredContent.raw_text.split(/\s+/).slice(2)).toEqual(noteText.split(/\s+/));
  }
  const { structuredContent } = await callTool(stdio, "ocr_document", inline(limitBytes + 3));
  expect(structuredContent).toEqual({
    success: false,
    error: expect.stringMatching(
      /^document_base64 has \d+ characters; expected at most 9786712 characters$/,
    ),
  });
});

// Calls that wait hold their documents: a hundred of them took two gigabytes.
test("calls that would hold too much while they wait are refused, and the others are read", async () => {
  const page = await noteImage();
  folder.write("long.tif", encodeTiff(Array.from({ length: 30 }, () => page)));
  await using stdio = await connectStdio([...server, "--documents-root", folder.path]);
  const busy = new AbortController();
  const long = ["eng", "fra", "eng+fra", "fra+eng"].map((language) => {
    const call = { name: "ocr_document", arguments: { document_path: "long.tif", language } };
    return stdio.client.callTool(call, undefined, { signal: busy.signal }).catch(() => "left");
  });
  const args = inline(limitBytes);
  const waiting = Array.from({ length: 8 }, () => callTool(stdio, "ocr_document", args));
  const refused = waiting.map(async (outcome) => {
    if (!(await outcome).isError) throw new Error("it was read");
  });
  await Promise.any(refused);
  busy.abort();
  const outcomes = await Promise.all(waiting);
  const states = outcomes.map(({ structuredContent }) => structuredContent.error ?? "read");
  const error = 'Cannot read the document "note.png": too many documents are waiting';
  expect([states, await Promise.all(long)]).toEqual([
    [...Array(6).fill("read"), error, error],
    Array(4).fill("left"),
  ]);
});
