import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, copyFileSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { copyWithLibraries } from "./chroot.ts";
import { connectStdio } from "./clients.ts";
import { documentFolder, noteFiles, noteText } from "./ocrDocuments.ts";
import { root, runToEnd } from "./program.ts";
import { callTool } from "./toolCalls.ts";

// Scans are read on machines that do other work as well, in milliseconds.
setDefaultTimeout(60_000);

const binary = join(root, "dist/ocr-mcp");
const berth = join(root, "dist/berth");
const folder = documentFolder();
const files = await noteFiles();
const scan = folder.write("documents/scan.pdf", files["scan.pdf"] ?? "");
const documents = join(folder.path, "documents");
const outside = folder.write("outside.pdf", files["note.pdf"] ?? "");
for (const path of [folder.path, documents, scan]) chmodSync(path, 0o755);
afterAll(() => folder[Symbol.dispose]());

/** What the scan says, as far as character recognition may break its lines. */
const words = `[Page 1] ${noteText}`.split(/\s+/);
const read = { code: 0, words, stderr: "" };

test("the binary reads a scan from an empty folder, with no environment and no file of ours near", async () => {
  const empty = join(folder.path, "empty");
  mkdirSync(empty);
  copyFileSync(binary, join(empty, "ocr-mcp"));
  const told = await runToEnd(["env", "-i", "-C", empty, "./ocr-mcp", "read", scan]);
  expect({ ...inWords(told), beside: readdirSync(empty) }).toEqual({
    ...read,
    beside: ["ocr-mcp"],
  });
});

describe("in an image with the C library only,", () => {
  const image = join(folder.path, "image");

  test("the binary reads a scan", async () => {
    await copyWithLibraries(binary, image, "ocr-mcp");
    for (const name of ["documents", "proc"]) mkdirSync(join(image, name));
    copyFileSync(scan, join(image, "documents/scan.pdf"));
    expect(inWords(await runToEnd(mounted("true", "chroot", "/documents/scan.pdf")))).toEqual(read);
  });

  test("the binary reads a scan that is mounted read-only, on a read-only root, as any user", async () => {
    const locked = `mount --bind "$0" "$0" && mount --bind "${documents}" "$0/documents" &&
      mount -o remount,bind,ro "$0/documents" && mount -o remount,bind,ro "$0"`;
    const user = "chroot --userspec=54321:54321";
    const told = await runToEnd(mounted(locked, user, "/documents/scan.pdf"));
    const out = ["--searchable", "/documents/found.pdf"];
    const written = await runToEnd(mounted(locked, user, "/documents/scan.pdf", ...out));
    expect([inWords(told), written]).toEqual([
      read,
      {
        code: 1,
        stdout: "",
        stderr: `Cannot write "/documents/found.pdf": it may not be written\n`,
      },
    ]);
  });

  /** A namespace of its own, so that nothing stays mounted. */
  function mounted(before: string, change: string, ...args: string[]): string[] {
    const script = `${before} && mount -t proc proc "$0/proc" && cd / && exec env -i PATH="$PATH:/usr/sbin:/sbin" ${change} "$0" /ocr-mcp read "$@"`;
    return ["unshare", "--mount", "--pid", "--fork", "sh", "-c", script, image, ...args];
  }
});

describe("through berth, with read permission on the folder of documents alone,", () => {
  const call = async (args: readonly string[], names: readonly string[]) => {
    await using connected = await connectStdio([
      berth,
      "run",
      `--allow-read=${documents}`,
      ...args,
    ]);
    const results = names.map((document_path) =>
      callTool(connected, "ocr_document", { document_path }),
    );
    return (await Promise.all(results)).map(({ structuredContent: { raw_text, error } }) =>
      error === undefined ? raw_text.split(/\s+/) : error,
    );
  };

  test("the bundle reads what is there, and a link that leads out is refused", async () => {
    symlinkSync(outside, join(documents, "link.pdf"));
    const installed = await runToEnd([
      ...[berth, "add", join(root, "dist", bundleFile()), "--json"],
      ...["--bundles", join(folder.path, "bundles")],
    ]);
    const bundle: string = JSON.parse(installed.stdout).folder;
    const args = [bundle, "--set", `documents_root=${documents}`];
    expect(await call(args, ["scan.pdf", "link.pdf"])).toEqual([
      words,
      'Cannot read the document "link.pdf": it may not be read',
    ]);
  });

  test("the binary is refused what its own root would let it read", async () => {
    const args = [`--allow-read=${binary}`, "--", binary, "--documents-root", folder.path];
    expect(await call(args, ["documents/scan.pdf", "outside.pdf"])).toEqual([
      words,
      'Cannot read the document "outside.pdf": it may not be read',
    ]);
  });
});

function bundleFile(): string {
  const [file] = readdirSync(join(root, "dist")).filter((name) => /^ocr-mcp-.*\.mcpb$/.test(name));
  if (file === undefined) throw new Error("dist has no bundle of ocr-mcp: bun run build");
  return file;
}

function inWords({ code, stdout, stderr }: Awaited<ReturnType<typeof runToEnd>>) {
  return { code, words: stdout.trim().split(/\s+/), stderr };
}
