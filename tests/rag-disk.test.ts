import { afterAll, describe, expect, test } from "bun:test";
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { createRandom } from "../tools/bench/rag-data.ts";
import { root, runToEnd } from "./program.ts";
import { createFolder } from "./rag.ts";

const binary = join(root, "dist/rag-mcp");
const folder = createFolder();
afterAll(folder.remove);
const path = (name: string): string => join(folder.path, name);

writeFileSync(path("one.md"), "An avalanche is excluded.\n");
const good = path("good.db");
const made = await runToEnd([binary, "ingest", "--db", good, path("one.md")]);
if (made.code !== 0) throw new Error(made.stderr);

/** The exit code, the problem and the first line of the result. */
type Told = readonly [code: number, problem: string, result: string];
const found: Told = [0, "", "1.00  one.md  (documents, chunk 1)"];
const clean = { documents: 1, chunks: 1, vectors: 1, collections: 1 };

describe("on a full disk", () => {
  const small = path("small");
  mkdirSync(small);
  mkdirSync(path("many"));
  const random = createRandom(7);
  for (let file = 0; file < 16; file++) {
    const words = Array.from({ length: 8_000 }, () => random().toString(36).slice(2, 9));
    writeFileSync(path(`many/${file}.txt`), words.join(" "));
  }

  test.each([
    [
      "ingest",
      [path("many")],
      `Cannot add documents to "documents" in "${small}/rag.db": the disk is full\nhint: Free some space; what was acknowledged is safe.\n`,
    ],
    [
      "backup",
      [`${small}/copy.db`],
      `Cannot back up to "${small}/copy.db" in "${small}/rag.db": the disk is full\nhint: Free some space; what was acknowledged is safe.\n`,
    ],
  ])(
    "%s says so, and everything that was acknowledged is still found",
    async (command, operands, problem) => {
      // A disk of its own for one run; the filler leaves too little room for a copy.
      const script = `mount -t tmpfs -o size=4m none "$1" && cp "$2" "$1/rag.db" && shift 2 &&
      { [ "$2" = ingest ] || head -c 3000000 /dev/zero > "$SMALL/filler"; }; "$@" 1>&2; code=$?; rm -f "$SMALL/filler"; ls "$SMALL" | grep partial
      "$1" search --db "$SMALL/rag.db" avalanche | head -n 1; "$1" verify --db "$SMALL/rag.db"; exit $code`;
      const inside = ["unshare", "--mount", "env", `SMALL=${small}`, "sh", "-c", script, "sh"];
      const run = [binary, command, "--db", `${small}/rag.db`, ...operands];
      const { code, stdout, stderr } = await runToEnd([...inside, small, good, ...run]);
      const [first = "", ...verdict] = stdout.split("\n");
      expect({ told: [code, stderr, first], verdict: JSON.parse(verdict.join("\n")) }).toEqual({
        told: [1, problem, found[2]],
        verdict: { checked: clean, problems: [] },
      });
    },
    20_000,
  );
});

describe("on a read-only file system", () => {
  const place = path("fixed");
  mkdirSync(place);
  copyFileSync(good, join(place, "rag.db"));
  const db = join(place, "rag.db");
  const readOnly = `in "${db}": it is read-only\nhint: Searching works; write where the file can be written.\n`;

  test.each<[string, string[], Told]>([
    ["search", ["--db", db, "avalanche"], found],
    ["verify", ["--db", db], [0, "", "{"]],
    [
      "ingest",
      ["--db", db, path("one.md")],
      [1, `Cannot create the collection "documents" ${readOnly}`, ""],
    ],
    [
      "reembed",
      ["--db", db],
      [1, `Cannot write "${db}": it is read-only\nhint: ${readOnly.split("hint: ")[1]}`, ""],
    ],
    [
      "ingest",
      ["--db", join(place, "new.db"), path("one.md")],
      [
        2,
        `Cannot open "${join(place, "new.db")}": the file system is read-only\nhint: Check RAG_DB and its folder's permissions.\n`,
        "",
      ],
    ],
  ])("%s %j works, or says why not", async (command, args, told) => {
    const script = `mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"`;
    const inside = ["unshare", "--mount", "sh", "-c", script, place];
    const { code, stdout, stderr } = await runToEnd([...inside, binary, command, ...args]);
    expect([code, stderr, stdout.split("\n")[0] ?? ""]).toEqual([...told]);
  });
});

describe("a file that is no whole index", () => {
  const random = createRandom(3);
  writeFileSync(
    path("noise.db"),
    Uint8Array.from({ length: 100_000 }, () => random() * 256),
  );
  copyFileSync(good, path("cut.db"));
  truncateSync(path("cut.db"), 40_000);
  copyFileSync(good, path("holed.db"));
  const file = openSync(path("holed.db"), "r+");
  writeSync(file, new Uint8Array(600_000).fill(7), 0, 600_000, 40_000);
  closeSync(file);
  const damaged =
    "the file is damaged\nhint: Put the last backup in its place, or delete it and ingest again.";
  const foreign = "the file is no index\nhint: Set RAG_DB to another path.";

  test.each([
    ["noise.db", "search", "avalanche", foreign],
    ["noise.db", "verify", undefined, foreign],
    ["noise.db", "ingest", path("one.md"), foreign],
    ["cut.db", "search", "avalanche", damaged],
    ["cut.db", "verify", undefined, damaged],
    ["cut.db", "ingest", path("one.md"), damaged],
  ])("%s: %s is refused by name", async (name, command, operand, state) => {
    const operands = operand === undefined ? [] : [operand];
    expect(await runToEnd([binary, command, "--db", path(name), ...operands])).toEqual({
      code: 2,
      stdout: "",
      stderr: `Cannot open "${path(name)}": ${state}\n`,
    });
  });

  // Closing it failed as well, and hid what was wrong.
  test.each([
    ["search", "avalanche", "list the collections"],
    ["verify", undefined, "verify"],
    ["stats", undefined, "read the statistics"],
    ["backup", path("copy.db"), `back up to "${path("copy.db")}"`],
  ])("holed.db: %s says what it could not do", async (command, operand, action) => {
    const operands = operand === undefined ? [] : [operand];
    expect(await runToEnd([binary, command, "--db", path("holed.db"), ...operands])).toEqual({
      code: 2,
      stdout: "",
      stderr: `Cannot ${action} in "${path("holed.db")}": ${damaged}\n`,
    });
  });

  test.each(["search", "stats", "verify", "backup", "reembed"])(
    "%s makes no index where there is none",
    async (command) => {
      const operands = command === "search" || command === "backup" ? ["x"] : [];
      const told = await runToEnd([binary, command, "--db", path("none/rag.db"), ...operands]);
      const hint = "Correct --db or RAG_DB, or make the index with rag-mcp ingest or rag-mcp sync.";
      expect([told, existsSync(path("none"))]).toEqual([
        {
          code: 2,
          stdout: "",
          stderr: `Cannot open "${path("none/rag.db")}": no such file\nhint: ${hint}\n`,
        },
        false,
      ]);
    },
  );
});
