import { expect, test } from "bun:test";
import fc from "fast-check";
import { LineFramer } from "./frame.ts";

function frame(chunks: Uint8Array[], limitBytes?: number): { lines: string[]; tooLong: number } {
  const found = { lines: [] as string[], tooLong: 0 };
  const framer = new LineFramer(
    {
      onLine: (line) => found.lines.push(new TextDecoder().decode(line)),
      onTooLong: () => found.tooLong++,
    },
    limitBytes,
  );
  for (const chunk of chunks) framer.push(chunk);
  framer.end();
  return found;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("lines come out whole, however the bytes are cut", () => {
  const line = fc.string({ unit: "binary" }).filter((text) => !/[\r\n]/.test(text) && text !== "");
  fc.assert(
    fc.property(fc.array(line, { maxLength: 5 }), fc.integer({ min: 1, max: 7 }), (lines, size) => {
      const all = bytes(lines.map((text) => `${text}\n`).join(""));
      const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
        all.slice(index * size, (index + 1) * size),
      );
      expect(frame(chunks).lines).toEqual(
        lines.map((text) => new TextDecoder().decode(bytes(text))),
      );
    }),
  );
});

test("carriage returns and empty lines are dropped, and a last line needs no newline", () => {
  expect(frame([bytes("a\r\n\n\r\nb\nc")])).toEqual({ lines: ["a", "b", "c"], tooLong: 0 });
});

test("a line over the bound is reported once and the next one is read", () => {
  const long = bytes("x".repeat(11));
  expect(frame([bytes("a\n"), long, long, bytes("\nb\n")], 10)).toEqual({
    lines: ["a", "b"],
    tooLong: 1,
  });
  expect(frame([bytes(`${"x".repeat(11)}\nb\n`)], 10)).toEqual({ lines: ["b"], tooLong: 1 });
  expect(frame([bytes(`${"x".repeat(10)}\n`)], 10)).toEqual({
    lines: ["x".repeat(10)],
    tooLong: 0,
  });
});

test("a line that comes byte by byte costs what it weighs", () => {
  const framer = new LineFramer({ onLine: () => undefined });
  const one = bytes("x");
  const heldBytes = (): number => {
    Bun.gc(true);
    return process.memoryUsage().heapUsed;
  };
  const before = heldBytes();
  for (let count = 0; count < 200_000; count++) framer.push(one);
  expect(heldBytes() - before).toBeLessThan(5_000_000);
});
