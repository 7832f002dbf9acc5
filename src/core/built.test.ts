import { expect, test } from "bun:test";
import { dirname, join } from "node:path";
import { embeddedPath, workerUrl } from "./built.ts";

test("from source a worker is its own source file", () => {
  const source = new URL("./page.worker.ts", import.meta.url);
  expect(workerUrl(source)).toBe(source.href);
});

test("a file that a bundle imports by a relative path lies beside the bundle's entry", () => {
  const entryFolder = dirname(Bun.main);
  expect(["/$bunfs/root/core.wasm", "./core.wasm", "../core.wasm"].map(embeddedPath)).toEqual([
    "/$bunfs/root/core.wasm",
    join(entryFolder, "core.wasm"),
    join(entryFolder, "core.wasm"),
  ]);
});
