import { Transform, type TransformCallback } from "node:stream";

/** The longest head of an answer that is looked at, in bytes; a longer one is passed on as it is. */
const headLimitBytes = 64 * 1024;
const hopHeader = /^(connection|keep-alive|proxy-connection):/i;

/**
 * Passes a server's answer on and says in its head that the connection ends with it (RFC 9112, 9.6). A server that was
 * asked to close need not say so itself, and a client that keeps such a connection loses its next request on it.
 */
export function closingAnswer(): Transform {
  let held: Buffer = Buffer.alloc(0);
  let isInBody = false;
  return new Transform({
    transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback) {
      if (isInBody) return done(null, chunk);
      held = Buffer.concat([held, chunk]);
      const { passed, rest, isFinal } = readHeads(held);
      held = rest;
      isInBody = isFinal;
      done(null, isFinal ? Buffer.concat([passed, rest]) : passed);
    },
    flush(done: TransformCallback) {
      done(null, isInBody ? undefined : held);
    },
  });
}

/** Interim answers (1xx) go on as they are until the head of the final one is complete. */
function readHeads(held: Buffer): { passed: Buffer; rest: Buffer; isFinal: boolean } {
  let from = 0;
  for (;;) {
    const end = held.indexOf("\r\n\r\n", from);
    if (end < 0) {
      const isTooLong = held.length - from > headLimitBytes;
      return { passed: held.subarray(0, from), rest: held.subarray(from), isFinal: isTooLong };
    }
    const lines = held.toString("latin1", from, end).split("\r\n");
    if (/^HTTP\/1\.[01] 1(?!01)\d\d/.test(lines[0] ?? "")) {
      from = end + 4;
      continue;
    }
    const kept = lines.filter((line) => !hopHeader.test(line));
    const head = `${[...kept, "Connection: close"].join("\r\n")}\r\n\r\n`;
    const passed = Buffer.concat([held.subarray(0, from), Buffer.from(head, "latin1")]);
    return { passed, rest: held.subarray(end + 4), isFinal: true };
  }
}
