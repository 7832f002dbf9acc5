import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { berth, manifestOf, openFolder } from "../../tests/berth.ts";
import { type RawEntry, type RawZip, zipBytes } from "../../tests/zipBytes.ts";
import { defaultArchiveLimits } from "./zip/limits.ts";
import { readData, readEntries } from "./zip/reader.ts";

const good: RawEntry[] = [
  { name: "manifest.json", data: JSON.stringify(manifestOf()) },
  { name: "server/index.js", data: "1;", method: 8 },
];
const bomb = deflateRawSync(Buffer.alloc(8 * 1024 * 1024), { level: 9 });

/** What is added to a good bundle, and how `berth add` refuses the whole for it. */
const nasty: [what: string, entries: RawEntry[], state: string, zip?: RawZip][] = [
  ["a path that climbs", [{ name: "../evil.js" }], 'entry "../evil.js" points outside its folder'],
  [
    "a path that climbs in its middle",
    [{ name: "a/../../evil" }],
    'entry "a/../../evil" points outside its folder',
  ],
  [
    "an absolute path",
    [{ name: "/etc/cron.d/evil" }],
    'entry "/etc/cron.d/evil" has an absolute path',
  ],
  [
    "a name that is no key of an object",
    [{ name: "__proto__" }],
    'entry "__proto__" has a name that JavaScript keeps for itself',
  ],
  ["a drive", [{ name: "C:evil" }], 'entry "C:evil" has an absolute path'],
  ["a backslash", [{ name: "..\\evil" }], 'entry "..\\\\evil" has a backslash in its path'],
  ["a NUL", [{ name: "a\0.js" }], 'entry "a\\u0000.js" has a control character in its path'],
  ["an empty part", [{ name: "a//b" }], 'entry "a//b" has an empty part in its path'],
  ["a dot", [{ name: "./b" }], 'entry "./b" has an empty part in its path'],
  ["no name", [{ name: "" }], 'entry "" has an empty part in its path'],
  [
    "a long path",
    [{ name: "x".repeat(513) }],
    `entry "${"x".repeat(513)}" has a path of more than 512 bytes`,
  ],
  [
    "many folders",
    [{ name: "d/".repeat(32).concat("f") }],
    `entry "${"d/".repeat(32)}f" is more than 32 folders deep`,
  ],
  [
    "a name that is not UTF-8",
    [{ name: Uint8Array.of(0xff, 0xfe) }],
    "the path of an entry is not UTF-8",
  ],
  [
    "a symbolic link",
    [{ name: "link", data: "/etc/passwd", mode: 0o120777 }],
    'entry "link" is a symbolic link',
  ],
  ["a device", [{ name: "null", mode: 0o020666 }], 'entry "null" is neither a file nor a folder'],
  [
    "a folder that says it is a file",
    [{ name: "d/", mode: 0o100644 }],
    'entry "d/" is neither a file nor a folder',
  ],
  [
    "a folder with data",
    [{ name: "d/", data: "x", mode: 0o040755 }],
    'entry "d/" is a folder with data',
  ],
  [
    "a second entry of a name",
    [{ name: "server/index.js", data: "2;" }],
    'entry "server/index.js" is there twice',
  ],
  [
    "names that differ in case",
    [{ name: "SERVER/x.js" }],
    'entry "SERVER" differs from "server" in upper and lower case only',
  ],
  [
    "names that differ in normal form",
    [{ name: "\u00e9" }, { name: "e\u0301" }],
    'entry "e\u0301" differs from "\u00e9" in upper and lower case only',
  ],
  [
    "a file that is a folder too",
    [{ name: "server" }],
    'entry "server" is both a file and a folder',
  ],
  ["an encrypted entry", [{ name: "e", flags: 1 }], 'entry "e" is encrypted'],
  ["a strongly encrypted entry", [{ name: "e", flags: 64 }], 'entry "e" is encrypted'],
  ["a patch", [{ name: "e", flags: 32 }], 'entry "e" is a patch'],
  [
    "a method that is not known",
    [{ name: "e", method: 12 }],
    'entry "e" uses compression method 12; expected 0 or 8',
  ],
  ["a zip64 entry", [{ name: "e", bytes: 0xffffffff }], 'entry "e" is a zip64 entry'],
  [
    "two lengths of one stored entry",
    [{ name: "e", data: "abc", bytes: 9 }],
    'entry "e" is stored with two lengths',
  ],
  [
    "a large file",
    [{ name: "e", method: 8, bytes: 513 * 1024 * 1024 }],
    'entry "e" has more than 536870912 bytes',
  ],
  [
    "a bomb",
    [{ name: "e", method: 8, packed: bomb, bytes: 8 * 1024 * 1024 }],
    'entry "e" unpacks to more than 200 times its packed size',
  ],
  [
    "a bomb that says it is small",
    [{ name: "e", method: 8, packed: bomb, bytes: 100 }],
    'entry "e" is damaged: its data is longer than it says or not deflated',
  ],
  [
    "data that is no deflate stream",
    [{ name: "e", method: 8, packed: Buffer.from("\xff\xff\xff"), bytes: 9 }],
    'entry "e" is damaged: its data is longer than it says or not deflated',
  ],
  [
    "a length that is too long",
    [{ name: "e", method: 8, data: "abc", bytes: 4 }],
    'entry "e" has another length than it says',
  ],
  [
    "a wrong CRC-32",
    [{ name: "e", data: "abc", crc32: 1 }],
    'entry "e" is damaged: its CRC-32 is wrong',
  ],
  [
    "another name in the local header",
    [{ name: "e", local: { name: "f" } }],
    'entry "e" has a header that contradicts the directory',
  ],
  [
    "another method in the local header",
    [{ name: "e", local: { method: 8 } }],
    'entry "e" has a header that contradicts the directory',
  ],
  [
    "another length in the local header",
    [{ name: "e", data: "abc", local: { bytes: 4 } }],
    'entry "e" has a header that contradicts the directory',
  ],
  [
    "a header that is not there",
    [{ name: "e", offset: 7 }],
    'entry "e" has no header where the directory says',
  ],
  [
    "an entry that is cut off",
    [{ name: "e", method: 8, packedBytes: 9999, bytes: 20_000 }],
    'entry "e" is cut off',
  ],
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

describe("berth add refuses", () => {
  test.each(nasty)("%s, and leaves nothing behind", async (what, entries, state, zip = {}) => {
    using folder = openFolder();
    const file = join(folder.path, "nasty.mcpb");
    writeFileSync(file, make(what, [...good, ...entries], zip));
    const answer = await berth(["add", "nasty.mcpb"], { cwd: folder.path });
    expect(answer).toEqual({
      code: 1,
      stdout: "",
      stderr: `Cannot read the archive: ${state}\nhint: Ask its publisher for another one, or repack its folder with \`berth pack\`.\n`,
    });
    const bundles = join(folder.path, "bundles");
    expect(existsSync(bundles) ? readdirSync(bundles) : []).toEqual([]);
  });
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
    ...good,
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
  const bytes = zipBytes(good);
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
