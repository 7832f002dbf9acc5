import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { connectStdio } from "../../tests/clients.ts";
import { documentFolder, noteFiles, noteText } from "../../tests/ocrDocuments.ts";
import { runToEnd } from "../../tests/program.ts";
import { callTool } from "../../tests/toolCalls.ts";

// Scans are read on machines that do other work as well, in milliseconds.
setDefaultTimeout(60_000);

const server = [process.execPath, `${import.meta.dir}/server.ts`];
const folder = documentFolder();
const scan = folder.write("note.png", (await noteFiles())["note.png"] ?? "");
const data = join(folder.path, "data");
folder.write("data/bad.traineddata", "no data at all");
folder.write("data/cut.traineddata.gz", Uint8Array.of(0x1f, 0x8b, 8, 0, 0));
folder.write("data/empty.traineddata", "");
mkdirSync(join(data, "folder.traineddata"));
Bun.spawnSync(["mkfifo", join(data, "fifo.traineddata")]);
afterAll(() => folder[Symbol.dispose]());

describe("a server does not start with", () => {
  test.each([
    [
      ["--languages", "eng,tlh"],
      `Cannot start: --languages names "tlh": there is no data of it\nhint: Languages: eng, fra. --languages-dir adds others.\n`,
    ],
    [
      ["--languages-dir", "/away"],
      `Cannot start: --languages-dir is "/away"; expected a folder with .traineddata files\n`,
    ],
  ])("%p", async (args, stderr) => {
    expect(await runToEnd([...server, ...args])).toEqual({ code: 2, stdout: "", stderr });
  });
});

// A FIFO was opened like a file, and its reader waited until the page's time was up.
test("data that cannot be used is no language, or is refused at once, and the next call works", async () => {
  const args = ["--documents-root", folder.path, "--languages-dir", data];
  await using connected = await connectStdio([...server, ...args, "--log-level", "fatal"]);
  const formats = await callTool(connected, "list_supported_formats", {});
  const read = (language: string) =>
    callTool(connected, "ocr_document", { document_path: "note.png", language });
  const errors = await Promise.all(["bad", "cut", "fifo"].map(read));
  const words = (await read("eng")).structuredContent.raw_text.split(/\s+/);
  expect([
    formats.structuredContent.languages,
    ...errors.map(({ structuredContent }) => structuredContent.error),
    words.slice(2),
  ]).toEqual([
    ["bad", "cut", "eng", "fra", "auto"],
    'Cannot read the document "note.png": the data of the language "bad" cannot be used',
    'Cannot read the document "note.png": the data of the language "cut" cannot be used',
    'Cannot read the document "note.png": there is no data of the language "fifo"',
    noteText.split(/\s+/),
  ]);
});

test("auto stays within the languages that may be asked for", async () => {
  const args = ["--documents-root", folder.path, "--languages", "fra"];
  await using connected = await connectStdio([...server, ...args]);
  const { structuredContent } = await callTool(connected, "ocr_document", {
    document_path: "note.png",
    language: "auto",
  });
  expect(structuredContent.language).toBe("fra");
});

// It was looked for in the threads, which died of it twice.
test("by hand, a language without data is refused before anything is read", async () => {
  expect(await runToEnd([...server, "read", "--language", "tlh", scan])).toEqual({
    code: 1,
    stdout: "",
    stderr: `Cannot read the document "${scan}": there is no data of the language "tlh"\nhint: Languages: eng, fra, or auto.\n`,
  });
});
