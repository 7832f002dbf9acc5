import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../store/open.ts";
import { barText, openProgressLine } from "./progress.ts";

const base = realpathSync(mkdtempSync(join(tmpdir(), "berth-watch-")));
afterAll(() => rmSync(base, { recursive: true }));

test("rag-mcp watch keeps the index like the folder until it is stopped", async () => {
  const folder = join(base, "files");
  const db = join(base, "index.db");
  writeFileSync(join(base, "note"), "");
  await Bun.write(join(folder, "a.txt"), "The first text of all.");
  const server = join(import.meta.dir, "..", "server.ts");
  const child = Bun.spawn(
    [process.execPath, server, "watch", "--db", db, "--json", "--every", "1", folder],
    { stdout: "pipe", stderr: "inherit" },
  );
  const lines = readLines(child.stdout);
  const next = async () => {
    // The command's contract: one report a line.
    const { written, deleted } = JSON.parse((await lines.next()).value ?? "{}") as {
      written: number;
      deleted: number;
    };
    return { written, deleted };
  };
  expect(await next()).toEqual({ written: 1, deleted: 0 });
  await Bun.write(join(folder, "deep", "b.txt"), "Another text, made later.");
  expect(await next()).toEqual({ written: 1, deleted: 0 });
  rmSync(join(folder, "a.txt"));
  expect(await next()).toEqual({ written: 0, deleted: 1 });
  child.kill("SIGTERM");
  expect(await child.exited).toBe(0);
  const store = await openStore(db);
  expect([...(await store.listSources("documents")).keys()]).toEqual([
    join(folder, "deep", "b.txt"),
  ]);
  await store.close();
});

async function* readLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

const total = 2_000;

test("an ingest that is stopped keeps what it wrote, deletes nothing, and goes on when it is run again", async () => {
  const file = join(base, "many.jsonl");
  const db = join(base, "many.db");
  const records = Array.from({ length: total }, (_, id) =>
    JSON.stringify({ id, text: `Text ${id}.` }),
  );
  await Bun.write(file, records.join("\n"));
  const server = join(import.meta.dir, "..", "server.ts");
  const command = [process.execPath, server, "ingest", "--db", db, "--json", file];
  const store = await openStore(db);
  const child = Bun.spawn(command, { stdout: "pipe", stderr: "inherit" });
  const count = async () => (await store.listCollections())[0]?.documents ?? 0;
  while ((await count()) === 0) await Bun.sleep(1);
  child.kill("SIGINT");
  const stopped = await new Response(child.stdout).json();
  const written = await count();
  expect([await child.exited, stopped.isStopped, stopped.written]).toEqual([1, true, written]);
  expect(written).toBeWithin(1, total);
  const again = Bun.spawn(command, { stdout: "pipe", stderr: "inherit" });
  const report = await new Response(again.stdout).json();
  expect([report.isStopped, report.written, report.unchanged, report.vectors.vectors]).toEqual([
    false,
    total - written,
    written,
    expect.any(Number),
  ]);
  expect((await store.verify()).problems).toEqual([]);
  await store.close();
}, 20_000);

test("a progress line is drawn on a terminal and nowhere else", () => {
  const written: string[] = [];
  const terminal = (isTTY: boolean) =>
    // Only what the line uses of a terminal.
    ({
      isTTY,
      columns: 80,
      write: (text: string) => written.push(text),
    }) as unknown as NodeJS.WriteStream;
  const quiet = openProgressLine(terminal(false));
  quiet.show(1, 2, "documents");
  quiet.clear();
  expect(written).toEqual([]);
  const line = openProgressLine(terminal(true));
  line.show(2, 2, "documents");
  line.clear();
  expect(written).toEqual(["\r\u001b[K[########################] 2/2 documents", "\r\u001b[K"]);
  expect([barText(1, 4), barText(0, 0), barText(9, 4)]).toEqual([
    "[######                  ] 1/4",
    "[########################] 0/0",
    "[########################] 9/4",
  ]);
});
