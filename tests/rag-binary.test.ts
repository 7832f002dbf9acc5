import { afterAll, describe, expect, test } from "bun:test";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { openStore } from "../mcp/rag/store/open.ts";
import { openPrison } from "./edge/jailed.ts";
import { root, runToEnd } from "./program.ts";
import { createFolder, fillWithClaims } from "./rag.ts";

const folder = createFolder();
const binary = join(root, "dist/rag-mcp");
const bundle = join(root, "dist/bundles/rag-mcp");
const question = ["search", "--json", "--collection", "knowledge_base", "--top", "1"];
const answer = [{ source: "test/a1", retrievers: { words: 1, similar_words: 1, vectors: 1 } }];

const prison = await openPrison({});
const data = join(prison.folder, "data");
await makeIndex(data);
afterAll(async () => {
  await prison.close();
  folder.remove();
});

test("the binary searches from an empty folder, with no file of ours near", async () => {
  const empty = join(folder.path, "empty");
  mkdirSync(empty);
  copyFileSync(binary, join(empty, "rag-mcp"));
  const told = await runToEnd([
    ...["env", "-i", "-C", empty, "./rag-mcp", ...question],
    ...["--db", join(data, "rag.db"), "is flod covered"],
  ]);
  expect({ hits: foundIn(told.stdout), beside: readdirSync(empty) }).toEqual({
    hits: answer,
    beside: ["rag-mcp"],
  });
});

test("the binary searches and writes on a read-only root as any user, with the index mounted", async () => {
  const place = join(folder.path, "root");
  for (const name of ["data", "proc"]) mkdirSync(join(place, name), { recursive: true });
  copyFileSync(binary, join(place, "rag-mcp"));
  await copyLibraries(place);
  cpSync(data, join(place, "data"), { recursive: true });
  chmodSync(join(place, "data"), 0o777);
  for (const name of readdirSync(join(place, "data"))) chmodSync(join(place, "data", name), 0o666);
  // A namespace of its own, so that nothing stays mounted.
  const script = `PATH="$PATH:/usr/sbin:/sbin"; mount --bind "$0" "$0" && mount --bind "$0/data" "$0/data" && mount -t proc proc "$0/proc" &&
    mount -o remount,bind,ro "$0" && cd / && exec chroot --userspec=54321:54321 "$0" /rag-mcp "$@"`;
  const inside = ["unshare", "--mount", "--pid", "--fork", "sh", "-c", script, place];
  const told = await runToEnd([...inside, ...question, "--db", "/data", "is flod covered"]);
  const written = await runToEnd([...inside, "reembed", "--db", "/data"]);
  const elsewhere = await runToEnd([...inside, "ingest", "--db", "/other/rag.db", "/data"]);
  expect({ hits: foundIn(told.stdout), problem: told.stderr, written, elsewhere }).toEqual({
    hits: answer,
    problem: "",
    written: { code: 0, stdout: expect.stringMatching(/^12 vectors of/), stderr: "" },
    elsewhere: {
      code: 2,
      stdout: "",
      stderr: `Cannot open "/other/rag.db": the file system is read-only\nhint: Check RAG_DB and its folder's permissions.\n`,
    },
  });
});

describe("in the jail of Berth, in mode enforce,", () => {
  const db = ["--db", data, "is flod covered"];

  test.each([
    ["the binary", binary, []],
    ["the bundle", prison.runtime, [join(prison.bundle, "rag/server.js")]],
  ])("%s searches and writes the folder that it was granted", async (_, command, entry) => {
    cpSync(bundle, join(prison.bundle, "rag"), { recursive: true });
    const grants = { read: [dirname(command), data], write: [data] };
    const env = command === binary ? { BUN_BE_BUN: "" } : {};
    const found = await prison.run(command, [...entry, ...question, ...db], { grants, env });
    const written = await prison.run(command, [...entry, "reembed", "--db", data], { grants, env });
    expect({ ...found, out: pick(found.out), written: written.exitCode }).toEqual({
      exitCode: 0,
      signal: null,
      out: answer,
      stderr: "",
      ended: null,
      written: 0,
    });
  });

  test("the binary searches an index that it may only read", async () => {
    const grants = { read: [dirname(binary), data] };
    const found = await prison.run(binary, [...question, ...db], {
      grants,
      env: { BUN_BE_BUN: "" },
    });
    expect([found.exitCode, pick(found.out), found.stderr]).toEqual([0, answer, ""]);
  });
});

async function makeIndex(place: string): Promise<void> {
  mkdirSync(place);
  const store = await openStore(join(place, "rag.db"));
  await fillWithClaims(store);
  await store.close();
  chmodSync(place, 0o777);
  for (const name of readdirSync(place)) chmodSync(join(place, name), 0o666);
}

/** The C library and its loader, where the binary looks for them. */
async function copyLibraries(place: string): Promise<void> {
  const { stdout } = await runToEnd(["ldd", binary]);
  for (const [path] of stdout.matchAll(/\/\S+/g)) {
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) continue;
    mkdirSync(dirname(join(place, path)), { recursive: true });
    copyFileSync(realpathSync(path), join(place, path));
  }
}

function foundIn(text: string): unknown {
  return pick(JSON.parse(text || "null"));
}

function pick(hits: unknown): unknown {
  if (!Array.isArray(hits)) return hits;
  return hits.map(({ chunk, retrievers }) => ({ source: chunk.document.source, retrievers }));
}
