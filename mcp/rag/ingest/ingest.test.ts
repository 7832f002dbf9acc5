import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runToEnd } from "../../../tests/program.ts";
import { textPdf } from "../../../tests/textPdf.ts";

const base = mkdtempSync(join(tmpdir(), "berth-ingest-"));
afterAll(() => rmSync(base, { recursive: true }));

let folder = "";
let db = "";
beforeEach(() => {
  folder = mkdtempSync(join(base, "files-"));
  db = join(mkdtempSync(join(base, "index-")), "index.db");
});

function run(...words: string[]): ReturnType<typeof runToEnd> {
  return runToEnd([process.execPath, join(import.meta.dir, "..", "server.ts"), ...words]);
}

/** The report of an ingest, and its exit code. */
async function ingest(...words: string[]): Promise<{ code: number; report: unknown }> {
  const { code, stdout, stderr } = await run("ingest", "--db", db, "--json", ...words);
  return { code, report: stdout === "" ? stderr : JSON.parse(stdout) };
}

async function find(question: string): Promise<string[]> {
  const { stdout } = await run("search", "--db", db, "--json", "--top", "2", question);
  // The command's contract: a list of finds with their chunks.
  const hits: { chunk: { document: { title: string } } }[] = JSON.parse(stdout);
  return hits.map(({ chunk }) => chunk.document.title);
}

const nothing = {
  collection: "documents",
  written: 0,
  unchanged: 0,
  deleted: 0,
  chunks: 0,
  isStopped: false,
  failed: [],
  warnings: [],
};
const vectors = (made: number) => ({
  model: expect.stringMatching(/^built-in-[0-9a-f]{16}$/),
  vectors: made,
});

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe("rag-mcp ingest", () => {
  test("reads a folder of mixed files and follows what changes, comes and goes", async () => {
    mkdirSync(join(folder, "deep"));
    write("flood.md", "# Flood\n\nDamage by rising rivers is not covered.");
    write("deep/auto.html", "<title>Motor</title><p>Collisions are filed within 30 days.</p>");
    write("contract.pdf", textPdf([["The deductible of this contract is 500."]]));
    write("notes.txt", "La franchise est déduite en premier.");
    write("picture.png", "no document");
    write(".hidden.md", "secret");
    symlinkSync("/etc", join(folder, "link"));
    expect(await ingest(folder)).toEqual({
      code: 0,
      report: { ...nothing, written: 4, chunks: 4, vectors: vectors(4) },
    });
    expect(await find("rising rivers")).toContain("Flood");
    expect((await find("deductible"))[0]).toBe("contract.pdf");

    expect(await ingest(folder)).toEqual({
      code: 0,
      report: { ...nothing, unchanged: 4, vectors: vectors(0) },
    });

    write("flood.md", "# Flood\n\nSince May rising rivers are covered.");
    write("new.txt", "Hail dents are pressed out without paint.");
    rmSync(join(folder, "deep"), { recursive: true });
    expect(await ingest(folder)).toEqual({
      code: 0,
      report: { ...nothing, written: 2, unchanged: 2, deleted: 1, chunks: 2, vectors: vectors(2) },
    });
    expect((await find("hail"))[0]).toBe("new.txt");
    expect(await find("collisions filed")).not.toContain("Motor");
  });

  test("names what cannot be read, keeps what the index had of it, and goes on with the rest", async () => {
    const good = write("a.pdf", textPdf([["Readable contract text."]]));
    await ingest(folder);
    write("a.pdf", "%PDF-1.4 damaged");
    write("b.pdf", textPdf([[], ["Second page."]]));
    write("c.pdf", textPdf([[]]));
    write("d.txt", new Uint8Array([1, 0, 2]));
    const damaged = "Cannot read the PDF: it is damaged or has a password";
    expect(await ingest(folder)).toEqual({
      code: 1,
      report: {
        ...nothing,
        written: 1,
        chunks: 1,
        // Twice as many as the model was fitted on: it is fitted anew, and makes all vectors again.
        vectors: vectors(2),
        failed: [
          { source: good, text: damaged },
          {
            source: join(folder, "c.pdf"),
            text: "Cannot read the file: no text layer on page 1: read it with the document server",
          },
          {
            source: join(folder, "d.txt"),
            text: `Cannot read "${join(folder, "d.txt")}": it holds no text`,
          },
        ],
        warnings: [
          {
            source: join(folder, "b.pdf"),
            text: "no text layer on page 1: read it with the document server",
          },
        ],
      },
    });
    expect(await find("readable contract")).toContain("a.pdf");
  });

  test("makes a document of each record of CSV and JSON lines, and follows the records", async () => {
    const csv = write(
      "cases.csv",
      'id,title,text,category\n1,Hail,"Dents, many of them",Auto\n2,Theft,"He said ""gone""",Auto\n',
    );
    const jsonl = write(
      "rules.jsonl",
      '{"id":7,"title":"Filing","content":"Thirty days.","source":"x","valid_from":"2025-01-01"}\nnot json\n{"amount":12,"town":"Pau"}\n',
    );
    expect(await ingest(folder)).toEqual({
      code: 1,
      report: {
        ...nothing,
        written: 4,
        chunks: 4,
        vectors: vectors(4),
        failed: [{ source: `${jsonl}#`, text: "Cannot read line 2: no JSON object" }],
      },
    });
    expect((await find("gone"))[0]).toBe("Theft");
    expect((await find("thirty days"))[0]).toBe("Filing");
    write("cases.csv", "id;title;text\n1;Hail;Dents of ice\n");
    expect(await ingest(csv)).toEqual({
      code: 0,
      report: { ...nothing, written: 1, deleted: 1, chunks: 1, vectors: vectors(1) },
    });
  });

  test.each([
    [["ingest"], 2, "Cannot ingest: no file or folder is named"],
    [["ingest", "/no/such"], 1, 'Cannot ingest "/no/such": no such file or folder'],
    [["ingest", "--collection", "A b", "x"], 2, 'Cannot start: --collection is "A b"'],
    [["sync"], 2, "Cannot sync: CLAIMS_API_BASE_URL is not set"],
    [["watch"], 2, "Cannot watch: no file or folder is named"],
  ])("%j ends with %d and says why", async ([command = "", ...words], code, message) => {
    const outcome = await run(command, "--db", db, ...words);
    expect(outcome).toEqual({ code, stdout: "", stderr: expect.stringContaining(message) });
  });

  test("refuses to mix models before it reads anything", async () => {
    write("a.txt", "Some text of the contract.");
    await ingest(folder);
    const model = join(import.meta.dir, "..", "embed", "fixtures", "tiny-onnx");
    const { code, report } = await ingest(folder, "--embedding-model-dir", model);
    expect({ code, report }).toEqual({
      code: 1,
      report: expect.stringMatching(
        /^Cannot use the embedding model "onnx:tiny-onnx:[0-9a-f]+": the index was made with "built-in-/,
      ),
    });
  });
});
