import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { connectStdio } from "../../tests/clients.ts";
import { documentFolder, noteFiles, noteText, pictureFiles } from "../../tests/ocrDocuments.ts";
import { bombs, damaged, escapingPaths, secret } from "../../tests/ocrHostile.ts";
import { smallFiles, smallPng } from "../../tests/ocrSmall.ts";
import { callTool, type ToolOutcome } from "../../tests/toolCalls.ts";

/** Damaged variants; the full thousand takes some minutes: OCR_FUZZ_COUNT=1000 bun test mcp/ocr/hostile.test.ts. */
const fuzzCount = Number(process.env.OCR_FUZZ_COUNT ?? 160);
/** The whole of a part, in milliseconds; single calls are bounded by the client. */
const partLimitMs = 120_000 + fuzzCount * 1_500;

/** Threads that read; the server would else take what the machine has. */
const workers = 2;
/**
 * The most memory that all parts together may have needed at any time, in MiB. A thread has one page in hand, so of its
 * two heaps one may be at the limit of 640 (`heapBytes` in engine/limits.ts) and the other below that at which it is
 * replaced (200). The rest are the program with the engines' code, up to 130, and documents, pictures and answers outside
 * the heaps, for which 256 are allowed. A heap without its limit would break this at the first picture of 30,000 pixels a
 * side, which takes 3,400. Measured: about 800, in the part with the bombs.
 */
const memoryLimitMib = workers * (640 + 200) + 130 + 256;

const folder = documentFolder();
const outside = documentFolder();
outside.write("secret.pdf", secret);
const root = join(folder.path, "root");
mkdirSync(root);
const files = await noteFiles();
const pictures = await pictureFiles();
for (const [name, data] of Object.entries(files)) folder.write(`root/${name}`, data);
const command = [process.execPath, `${import.meta.dir}/server.ts`, "--documents-root", root];
const connected = await connectStdio([
  ...command,
  "--workers",
  `${workers}`,
  "--log-level",
  "fatal",
]);
afterAll(async () => {
  await connected[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
  outside[Symbol.dispose]();
});

function call(args: object): Promise<ToolOutcome> {
  return callTool(connected, "ocr_document", args);
}

/** The server lives and reads as before; nothing it said holds what it may not read. */
async function expectUnharmed(outcomes: readonly ToolOutcome[]): Promise<void> {
  expect(JSON.stringify(outcomes)).not.toContain(secret);
  const after = await call({ document_path: "note.pdf" });
  expect(after.structuredContent.raw_text).toBe(`[Page 1]\n${noteText}`);
}

test(
  "no path leads out of the root",
  async () => {
    const paths = escapingPaths(join(outside.path, "secret.pdf"));
    const outcomes = await Promise.all(paths.map((document_path) => call({ document_path })));
    const read = paths.filter((_, index) => !outcomes[index]?.isError);
    expect({ read, count: paths.length > 150 }).toEqual({ read: [], count: true });
    await expectUnharmed(outcomes);
  },
  partLimitMs,
);

test("links out of the root, folders, FIFOs and devices are refused, each with its own words", async () => {
  symlinkSync(join(outside.path, "secret.pdf"), join(root, "out.pdf"));
  symlinkSync(outside.path, join(root, "folder"));
  symlinkSync("/dev/zero", join(root, "zero.pdf"));
  symlinkSync("circle.pdf", join(root, "circle.pdf"));
  Bun.spawnSync(["mkfifo", join(root, "fifo.pdf")]);
  const names = ["out.pdf", "folder/secret.pdf", "zero.pdf", "circle.pdf", "fifo.pdf", "."];
  const outcomes = await Promise.all(names.map((document_path) => call({ document_path })));
  const said = outcomes.map(({ structuredContent }) => structuredContent.error);
  expect(said).toEqual([
    'Cannot read the document "out.pdf": it is outside the document root',
    'Cannot read the document "folder/secret.pdf": it is outside the document root',
    'Cannot read the document "zero.pdf": it is outside the document root',
    'Cannot read the document "circle.pdf": its links lead in a circle',
    'Cannot read the document "fifo.pdf": it is no ordinary file',
    'Cannot read the document ".": it is a folder',
  ]);
  await expectUnharmed(outcomes);
});

test("a link that is swapped during the calls never lets the outside in", async () => {
  let swaps = 0;
  const swap = () => {
    const target = swaps++ % 2 === 0 ? join(outside.path, "secret.pdf") : "note.pdf";
    symlinkSync(target, join(root, "next"));
    renameSync(join(root, "next"), join(root, "swapped.pdf"));
  };
  swap();
  const outcomes: ToolOutcome[] = [];
  for (let round = 0; round < 100; round++) {
    const calls = [call({ document_path: "swapped.pdf" }), call({ document_path: "swapped.pdf" })];
    for (let turn = 0; turn < 5; turn++) {
      swap();
      await Promise.resolve();
    }
    outcomes.push(...(await Promise.all(calls)));
  }
  const refused = outcomes.filter(({ isError }) => isError).length;
  expect(refused).toBeGreaterThan(0);
  await expectUnharmed(outcomes);
});

test(
  "bombs and files that are no documents are refused or read in bounds",
  async () => {
    const made = bombs();
    for (const [name, data] of Object.entries(made)) folder.write(`root/${name}`, data);
    const names = Object.keys(made);
    const outcomes = await Promise.all(names.map((document_path) => call({ document_path })));
    const said = Object.fromEntries(
      names.map((name, index) => [name, outcomes[index]?.structuredContent.error?.split(": ")[1]]),
    );
    expect(said).toMatchObject({
      "empty.pdf": "the file is empty",
      "text.pdf": "its content is none of the formats that are read",
      "header.pdf": "the PDF is damaged",
      "wide.png": "the picture has 30000 x 30000 pixels; at most 64000000 are read",
      "wide.tif": "the picture has 30000 x 30000 pixels; at most 64000000 are read",
      "locked.pdf": "the PDF is encrypted and asks for a password",
      "nothing.png": "the png is damaged",
      "billions-of-samples.tif": "the TIFF keeps its pixels in a way that is not read",
      "no-bits.tif": "the TIFF keeps its pixels in a way that is not read",
      "loop-big.tif": "the tiff is damaged",
      "many-entries.tif": "the TIFF is damaged",
      "nowhere-big.tif": "the tiff is damaged",
      "wide-runs.bmp": "the picture has 30000 x 30000 pixels; at most 64000000 are read",
      "empty-runs.bmp": "the bmp is damaged",
      "endless-runs.bmp": "the bmp is damaged",
    });
    await expectUnharmed(outcomes);
  },
  partLimitMs,
);

describe("damaged files", () => {
  test.each(Object.keys(files))(
    "%s cut off anywhere is read or refused",
    async (name) => {
      const data = files[name] ?? new Uint8Array();
      const cuts = Array.from({ length: 16 }, (_, index) => Math.floor((data.length * index) / 16));
      const outcomes = await Promise.all(cuts.map((end) => callInline(data.subarray(0, end))));
      await expectUnharmed(outcomes);
    },
    partLimitMs,
  );

  test.each(Object.keys(pictures))(
    "%s cut off anywhere, or with any byte of its head changed, is read or refused",
    async (name) => {
      const data = Buffer.from(pictures[name] ?? []);
      const cuts = [1, 3, 6, 8].map((eighths) => data.subarray(0, (data.length * eighths) >> 3));
      const heads = [4, 8, 10, 14, 18, 22, 28, 30].map((at) => changed(data, at));
      const outcomes = await Promise.all([...cuts, ...heads].map(callInline));
      await expectUnharmed(outcomes);
    },
    partLimitMs,
  );

  test(
    `${fuzzCount} damaged variants are read or refused`,
    async () => {
      const small = await everyFile();
      const names = Object.keys(small);
      const outcomes: ToolOutcome[] = [];
      let seed = 0;
      const work = async () => {
        while (seed < fuzzCount) {
          const data = small[names[seed % names.length] ?? ""] ?? new Uint8Array();
          outcomes.push(await callInline(damaged(data, seed++)));
        }
      };
      await Promise.all(Array.from({ length: 8 }, work));
      expect(outcomes.length).toBeGreaterThanOrEqual(fuzzCount);
      const bugs = outcomes.filter(
        ({ structuredContent }) => structuredContent.error === "Internal error",
      );
      expect(bugs).toEqual([]);
      await expectUnharmed(outcomes);
    },
    partLimitMs,
  );
});

test(
  "500 calls at the same time are all answered",
  async () => {
    const png = await smallPng();
    const outcomes = await Promise.all(
      Array.from({ length: 500 }, (_, index) => {
        if (index % 5 === 0) return callInline(Buffer.concat([png, Buffer.from(`${index % 50}`)]));
        return call({ document_path: index % 2 === 0 ? "note.pdf" : "note.png" });
      }),
    );
    expect(outcomes.filter(({ isError }) => isError)).toEqual([]);
    await expectUnharmed(outcomes);
  },
  partLimitMs,
);

/** The most memory that the server had at any time so far, in MiB; Linux tells it. */
function peakMib(): number {
  const { transport } = connected.client;
  if (!(transport instanceof StdioClientTransport)) throw new Error("the server is no child");
  const status = readFileSync(`/proc/${transport.pid}/status`, "utf8");
  return Math.round(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024);
}

test("memory stayed within its bound through all of this", () => {
  expect(peakMib()).toBeLessThan(memoryLimitMib);
});

function callInline(data: Uint8Array): Promise<ToolOutcome> {
  return call({ document_path: "inline", document_base64: Buffer.from(data).toString("base64") });
}

function changed(data: Uint8Array, at: number): Uint8Array {
  const copy = Buffer.from(data);
  copy[at] = 0xff - (copy[at] ?? 0);
  return copy;
}

/** Every format; where only the whole note is at hand, that. */
async function everyFile(): Promise<Record<string, Uint8Array>> {
  return { ...files, ...pictures, ...(await smallFiles()) };
}
