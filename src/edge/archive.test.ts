import { expect, test } from "bun:test";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { berth, manifestOf, openFolder } from "../../tests/berth.ts";
import { addArchive, goodEntries, refusedFor } from "../../tests/edge/nasty-archive.ts";
import { type RawEntry, type RawZip, zipBytes } from "../../tests/zipBytes.ts";
import { defaultArchiveLimits } from "./zip/limits.ts";
import { readData, readEntries } from "./zip/reader.ts";

/** What is wrong with the archive around its entries, and how `berth add` refuses it. */
const nasty: [what: string, entries: RawEntry[], state: string, zip?: RawZip][] = [
  [
    "a lock of its own",
    [{ name: "berth.lock.json", data: "{}" }],
    "it holds a berth.lock.json, which only the installation writes",
  ],
  [
    "bytes before the first entry",
    [],
    'before entry "manifest.json" there is data that belongs to none',
    { prefix: "#!/bin/sh\n" },
  ],
  [
    "bytes behind the last entry",
    [{ name: "e", after: Buffer.from("hidden") }],
    "before its directory there is data that belongs to no entry",
  ],
  [
    "bytes between two entries",
    [{ name: "d", after: Buffer.from("hidden") }, { name: "e" }],
    'before entry "e" there is data that belongs to none',
  ],
  [
    "more behind an entry than its sizes",
    [{ name: "d", flags: 8, after: Buffer.alloc(25) }, { name: "e" }],
    'before entry "e" there is data that belongs to none',
  ],
  [
    "bytes in front of the whole",
    [],
    "its directory does not end where the file ends",
    { prefix: "#!/bin/sh\n" },
  ],
  ["bytes after the end", [], "it is no zip file, or data follows its end", { suffix: "PK" }],
  ["a comment", [], "it is no zip file, or data follows its end", { comment: "hello" }],
  ["a cut-off comment", [], "it is cut off within its comment", { end: {}, suffix: "" }],
  ["one part of several", [], "it is one part of several", { end: { disk: 1 } }],
  [
    "a zip64 end",
    [],
    "it is a zip64 file; expected less than 4 GB and 65,535 entries",
    { end: { entries: 0xffff } },
  ],
  [
    "a zip64 locator",
    [],
    "it is a zip64 file; expected less than 4 GB and 65,535 entries",
    { gap: Buffer.concat([Buffer.from("PK\x06\x07", "latin1"), Buffer.alloc(16)]) },
  ],
  [
    "bytes behind the directory",
    [],
    "its directory does not end where the file ends",
    { gap: Buffer.from("hidden") },
  ],
  [
    "fewer entries than are there",
    [],
    "its directory has another length than it says",
    { end: { entries: 1 } },
  ],
  ["more entries than are there", [], "its directory is damaged", { end: { entries: 3 } }],
  [
    "more entries than are read",
    [],
    "it has more than 20000 entries",
    { end: { entries: 20_001 } },
  ],
  [
    "a damaged signature block",
    [],
    "its signature block (MCPB_SIG_V1) is damaged",
    { suffix: "MCPB_SIG_V1\x05\0\0\0abcMCPB_SIG_END" },
  ],
];

test.each(nasty)("berth add refuses %s, and leaves nothing behind", async (...row) => {
  const [what, entries, state, zip = {}] = row;
  const bytes = make(what, [...goodEntries, ...entries], zip);
  expect(await addArchive(bytes)).toEqual(refusedFor(state));
});

/** Two of the lies are easier told on the finished bytes. */
function make(what: string, entries: readonly RawEntry[], zip: RawZip): Uint8Array {
  const bytes = Buffer.from(zipBytes(entries, zip));
  if (what === "a cut-off comment") bytes.writeUInt16LE(9, bytes.length - 2);
  // Put in front of a finished file, so that its offsets count from elsewhere.
  if (what === "bytes in front of the whole") {
    return Buffer.concat([Buffer.from(zip.prefix ?? ""), zipBytes(entries)]);
  }
  return bytes;
}

test("two entries that share bytes are refused: a bomb has thousands of them", () => {
  expect(() => readEntries(overlapping(), defaultArchiveLimits)).toThrow(
    'entry "b" overlaps another one',
  );
});

/** The data of "a" holds the complete entry "b". */
function overlapping(): Uint8Array {
  const inner = zipBytes([{ name: "b", data: "abc" }]);
  const local = inner.subarray(0, 34);
  return zipBytes([
    { name: "a", data: local },
    { name: "b", data: "abc", offset: 31 },
  ]);
}

test("all entries together may not pass the total, whatever one alone has", () => {
  const entries = ["a", "b", "c"].map((name): RawEntry => ({ name, data: "x".repeat(400) }));
  const limits = { ...defaultArchiveLimits, totalBytes: 1000 };
  expect(() => readEntries(zipBytes(entries), limits)).toThrow(
    "it unpacks to more than 1000 bytes",
  );
  expect(() => readEntries(zipBytes(entries), { ...limits, archiveBytes: 99 })).toThrow(
    "it has more than 99 bytes",
  );
});

test.each(["server/index.js", "../outside.js"])(
  "a bundle whose entry point %j is not in it is refused, and leaves nothing behind",
  async (entry) => {
    const server = { type: "node", entry_point: entry, mcp_config: { command: "node" } };
    const manifest = JSON.stringify(manifestOf({ server }));
    expect(await addArchive(zipBytes([{ name: "manifest.json", data: manifest }]))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        `Cannot install "echo": its entry point ${JSON.stringify(entry)} is no file of it\n`,
      ),
      left: [],
    });
  },
);

test("a manifest that is too long is refused before it is unpacked", async () => {
  using folder = openFolder();
  const long = JSON.stringify(manifestOf({ long_description: "x".repeat(1024 * 1024) }));
  writeFileSync(join(folder.path, "a.mcpb"), zipBytes([{ name: "manifest.json", data: long }]));
  const { stderr } = await berth(["info", "a.mcpb"], { cwd: folder.path });
  expect(stderr.split("\n")[0]).toBe("Cannot read the archive: its manifest.json is too long");
});

test("files, folders and sizes behind the data are read; of the modes only the x-bit is kept", async () => {
  using folder = openFolder();
  const entries: RawEntry[] = [
    ...goodEntries,
    { name: "empty/", mode: 0o040700 },
    { name: "bin/tool", data: "#!/bin/sh\n", mode: 0o104777 },
    { name: "ä.txt", data: "ä", method: 8, flags: 2048 | 8, after: Buffer.alloc(16) },
  ];
  writeFileSync(join(folder.path, "good.mcpb"), zipBytes(entries));
  const answer = await berth(["add", "good.mcpb", "--json"], { cwd: folder.path });
  expect({ code: answer.code, stderr: answer.stderr }).toEqual({ code: 0, stderr: "" });
  const installed = join(folder.path, "bundles/echo");
  const modes = Object.fromEntries(
    ["bin/tool", "server/index.js", "ä.txt", "empty"].map((path) => [
      path,
      (statSync(join(installed, path)).mode & 0o7777).toString(8),
    ]),
  );
  expect(modes).toEqual({
    "bin/tool": "755",
    "server/index.js": "644",
    "ä.txt": "644",
    empty: "755",
  });
});

test("any change of any byte of an archive is refused or leaves the content as it was", () => {
  const bytes = zipBytes(goodEntries);
  const content = contentOf(bytes);
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 0x41;
    const now = contentOf(changed);
    // A name in both headers takes two changes; times and versions are not read.
    if (now !== undefined) expect<unknown>({ at, now }).toEqual({ at, now: content });
  }
});

function contentOf(bytes: Uint8Array): unknown[] | undefined {
  try {
    return readEntries(bytes, defaultArchiveLimits).map((entry) => [
      entry.path,
      Buffer.from(readData(entry)).toString(),
      entry.isDirectory,
    ]);
  } catch (error) {
    if (error instanceof Error && error.name === "AppError") return undefined;
    throw error;
  }
}
