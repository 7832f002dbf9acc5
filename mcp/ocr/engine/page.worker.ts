/** One thread of the pool: everything that touches a document's content happens here, so that it can die alone. */
import { ptr } from "bun:ffi";
import { PageReader } from "./page-reader.ts";
import type { FromWorker, Result, Task, ToWorker } from "./protocol.ts";
import { Refusal } from "./refusal.ts";

declare const self: Worker;

let reader: PageReader | undefined;

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if ("languagesFolder" in data) {
    reader = new PageReader({ ...data, onMemory: tellMemory });
  } else if (reader) {
    void answer(reader, data.task);
  }
};

function tellMemory({ buffer }: WebAssembly.Memory): void {
  send({ address: BigInt(ptr(new Uint8Array(buffer))), bytes: buffer.byteLength });
}

async function answer(pages: PageReader, task: Task): Promise<void> {
  const outcome = await attempt(pages, task);
  send({ heapBytes: pages.heapBytes, ...outcome });
}

async function attempt(
  pages: PageReader,
  task: Task,
): Promise<{ result: Result } | { refusal: Pick<Refusal, "code" | "message"> } | { bug: string }> {
  try {
    return { result: await (task.kind === "inspect" ? pages.inspect(task) : pages.readPage(task)) };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: { code: error.code, message: error.message } };
    return { bug: error instanceof Error ? String(error.stack) : String(error) };
  }
}

function send(reply: FromWorker): void {
  self.postMessage(reply);
}
