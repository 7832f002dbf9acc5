import { expect, test } from "bun:test";
import { deflateRawSync } from "node:zlib";
import { addArchive, goodEntries, refusedFor } from "../../tests/edge/nasty-archive.ts";
import { type RawEntry, zipBytes } from "../../tests/zipBytes.ts";

const bomb = deflateRawSync(Buffer.alloc(8 * 1024 * 1024), { level: 9 });

/** An entry that is added to a good bundle, and how `berth add` refuses the whole for it. */
const nasty: [what: string, entries: RawEntry[], state: string][] = [
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
];

test.each(nasty)("berth add refuses %s, and leaves nothing behind", async (_, entries, state) => {
  expect(await addArchive(zipBytes([...goodEntries, ...entries]))).toEqual(refusedFor(state));
});
