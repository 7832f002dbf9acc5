/** One thread of the pool: everything that touches a document's content happens here, so that it can die alone. */
import { ptr } from "bun:ffi";
import { Engines } from "./engines.ts";
import { inspect, readPage } from "./page-reader.ts";
import type { FromWorker, Result, Task, ToWorker } from "./protocol.ts";
import { Refusal } from "./refusal.ts";
import { makeSearchable } from "./searchable.ts";
import { showPage } from "./show-page.ts";

declare const self: Worker;

let engines: Engines | undefined;
const compiled = {
  core: Promise.withResolvers<WebAssembly.Module>(),
  pdfium: Promise.withResolvers<WebAssembly.Module>(),
};

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if ("languagesFolder" in data) {
    const { core, pdfium } = compiled;
    engines = new Engines({
      ...data,
      core: core.promise,
      pdfium: pdfium.promise,
      onMemory: tellMemory,
    });
  } else if ("engine" in data) {
    compiled[data.engine].resolve(data.compiled);
  } else if (engines) {
    void answer(engines, data.task);
  }
};

function tellMemory({ buffer }: WebAssembly.Memory): void {
  send({ address: BigInt(ptr(new Uint8Array(buffer))), bytes: buffer.byteLength });
}

async function answer(loaded: Engines, task: Task): Promise<void> {
  const outcome = await attempt(loaded, task);
  send({ heapBytes: loaded.heapBytes, ...outcome });
  // Pictures are large and few: the collector would wait until there are dozens of them.
  if (hasPictures(outcome)) Bun.gc(true);
}

function hasPictures(outcome: Awaited<ReturnType<typeof attempt>>): boolean {
  if (!("result" in outcome)) return true;
  const { result } = outcome;
  return !("pages" in result) && !("source" in result && result.source === "text_layer");
}

async function attempt(
  loaded: Engines,
  task: Task,
): Promise<{ result: Result } | { refusal: Pick<Refusal, "code" | "message"> } | { bug: string }> {
  try {
    return { result: await run(loaded, task) };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: { code: error.code, message: error.message } };
    return { bug: error instanceof Error ? String(error.stack) : String(error) };
  }
}

function run(loaded: Engines, task: Task): Promise<Result> {
  switch (task.kind) {
    case "inspect":
      return inspect(loaded, task);
    case "page":
      return readPage(loaded, task);
    case "searchable":
      return makeSearchable(loaded, task);
    case "show":
      return showPage(loaded, task);
  }
}

function send(reply: FromWorker): void {
  self.postMessage(reply);
}
