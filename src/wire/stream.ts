import type { Message } from "./message.ts";

/**
 * How often a silent stream gets a comment, in milliseconds: Bun and most proxies close after about
 * 10 s.
 */
export const keepAliveMs = 7_000;
/**
 * How soon a client should come back to a stream that was closed before its answer, in
 * milliseconds.
 */
export const retryMs = 500;
/** The most bytes that wait for one slow reader; then its connection is closed. */
export const unreadLimitBytes: number = 16 * 1024 * 1024;
/** The most events that one stream keeps for a client that comes back. */
export const replayLimitCount = 500;

/** Headers of every event stream; the last one keeps nginx from buffering it. */
export const streamHeaders: Readonly<Record<string, string>> = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache",
  "x-accel-buffering": "no",
};

/**
 * One JSON-RPC message as one server-sent event. JSON has no raw line breaks, so one data line is
 * enough.
 */
export function eventText(message: Message, id?: string): string {
  const prefix = id === undefined ? "" : `id: ${id}\n`;
  return `event: message\n${prefix}data: ${JSON.stringify(message)}\n\n`;
}

const encoder = new TextEncoder();

/** One open HTTP body. Writing to one whose reader has gone does nothing. */
export class LiveBody {
  readonly body: ReadableStream<Uint8Array>;
  readonly #onGone: () => void;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  lastWriteAtMs: number = performance.now();

  /** `onGone` is called when the reader leaves, not when `close` was called. */
  constructor(onGone: () => void) {
    this.#onGone = onGone;
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
          // Bun sends the headers with the first bytes, and clients wait for them before they go
          // on.
          controller.enqueue(encoder.encode(": open\n\n"));
        },
        cancel: () => {
          this.#controller = undefined;
          onGone();
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: unreadLimitBytes }),
    );
  }

  get isOpen(): boolean {
    return this.#controller !== undefined;
  }

  write(text: string): void {
    const controller = this.#controller;
    if (controller === undefined) return;
    // A reader that does not read must not fill the memory.
    if ((controller.desiredSize ?? 0) <= 0) {
      this.close();
      return;
    }
    this.lastWriteAtMs = performance.now();
    try {
      controller.enqueue(encoder.encode(text));
    } catch {
      // The connection broke in this very moment and nobody was told yet.
      this.#controller = undefined;
      this.#onGone();
    }
  }

  keepAlive(nowMs: number): void {
    if (nowMs - this.lastWriteAtMs >= keepAliveMs) this.write(": keep-alive\n\n");
  }

  close(): void {
    const controller = this.#controller;
    this.#controller = undefined;
    try {
      controller?.close();
    } catch {
      // It is closed already: the connection broke in this very moment.
    }
  }
}

/** Bytes that all streams of a front together may keep for clients that come back. */
export class ReplayBudget {
  readonly #limitBytes: number;
  #usedBytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  take(bytes: number): boolean {
    if (this.#usedBytes + bytes > this.#limitBytes) return false;
    this.#usedBytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#usedBytes -= bytes;
  }
}
