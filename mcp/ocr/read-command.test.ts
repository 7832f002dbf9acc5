import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { documentFolder, noteFiles, notePdf, noteText } from "../../tests/ocrDocuments.ts";
import { runToEnd } from "../../tests/program.ts";

// Scans are read on machines that do other work as well, in milliseconds.
setDefaultTimeout(60_000);

const server = `${import.meta.dir}/server.ts`;
const folder = documentFolder();
for (const [name, data] of Object.entries(await noteFiles())) folder.write(name, data);
folder.write("three.pdf", await notePdf(3));
afterAll(() => folder[Symbol.dispose]());

describe("ocr-mcp read", () => {
  const read = (...args: string[]) => runToEnd([process.execPath, server, "read", ...args]);

  test("prints the text, or every word, or everything as JSON", async () => {
    const file = `${folder.path}/note.pdf`;
    const text = await read(file);
    const words = await read("--words", file);
    const json = await read("--json", file);
    expect(text).toEqual({ code: 0, stdout: `[Page 1]\n${noteText}\n`, stderr: "" });
    expect(words.stdout.split("\n")[0]).toMatch(/^1\t1\.00\t\d+\t\d+\t\d+\t\d+\tClaim$/);
    expect(JSON.parse(json.stdout)).toMatchObject({ name: "note.pdf", page_count: 1 });
  });

  test("prints in one form at a time", async () => {
    expect(await read("--json", "--words", `${folder.path}/note.pdf`)).toEqual({
      code: 2,
      stdout: "",
      stderr: `Cannot print --json and --words: they are two forms of one answer
hint: --json has every word with its box and confidence as well, under pages[].words.
`,
    });
  });

  // What did not fit into the pipe was lost with the end of the process, which said that all was well.
  test("prints all of a long answer to a reader that is slow", async () => {
    folder.write("fifty.pdf", await notePdf(50));
    const line = `"$0" "$1" read --json "$2" | { sleep 1; cat; }`;
    const file = `${folder.path}/fifty.pdf`;
    const { stdout } = await runToEnd(["sh", "-c", line, process.execPath, server, file]);
    expect(stdout.length).toBeGreaterThan(65_536);
    expect(JSON.parse(stdout).pages).toHaveLength(50);
  });

  test("a full disk is told, and is no success", async () => {
    const line = `"$0" "$1" read "$2" > /dev/full`;
    const file = `${folder.path}/note.pdf`;
    expect(await runToEnd(["sh", "-c", line, process.execPath, server, file])).toEqual({
      code: 1,
      stdout: "",
      stderr: "Cannot write the output: the disk is full\n",
    });
  });

  test("tells on stderr what was left out", async () => {
    const { code, stderr } = await read("--max-pdf-pages", "2", `${folder.path}/three.pdf`);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: "warning: only the first 2 of 3 pages were read; ask for the others with --pages\n",
    });
  });

  // The whole document was read before the place of its result was looked at.
  test("looks at the place of its result before it reads", async () => {
    const file = `${folder.path}/scan.pdf`;
    expect(await read("--searchable", "/away/found.pdf", file)).toEqual({
      code: 1,
      stdout: "",
      stderr: 'Cannot write "/away/found.pdf": its folder does not exist\n',
    });
  });

  test("says what is wrong and ends with code 1", async () => {
    const file = folder.write("empty.pdf", "");
    expect(await read(file)).toEqual({
      code: 1,
      stdout: "",
      stderr: `Cannot read the document "${file}": the file is empty\n`,
    });
  });
});
