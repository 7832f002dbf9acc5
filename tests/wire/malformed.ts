import fc from "fast-check";

/** One text or byte sequence that no server should accept, and why. */
export interface Malformed {
  why: string;
  bytes: Uint8Array;
}

const encoder = new TextEncoder();
const valid = {
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name: "echo", arguments: { text: "é" } },
};
const validText = JSON.stringify(valid);

const of = (why: string, text: string): Malformed => ({ why, bytes: encoder.encode(text) });

/** Texts without a newline inside, because on stdio a newline ends the message. */
export const malformed: fc.Arbitrary<Malformed> = fc.oneof(
  fc
    .integer({ min: 1, max: validText.length - 1 })
    .map((end) => of("truncated", validText.slice(0, end))),
  fc
    .constantFrom("[", '{"a":', '[{"jsonrpc":"2.0","params":')
    .map((open) => of("nested 10,000 deep", open.repeat(10_000))),
  fc
    .integer({ min: 10_000, max: 20_000 })
    .map((depth) => of("nested deep and closed", `${"[".repeat(depth)}${"]".repeat(depth)}`)),
  fc
    .integer({ min: 0, max: validText.length })
    .map((at) => of("a raw NUL", `${validText.slice(0, at)}\0${validText.slice(at)}`)),
  fc
    .tuple(
      fc.integer({ min: 1, max: validText.length - 1 }),
      fc.constantFrom([0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80]),
    )
    .map(([at, bad]) => ({
      why: "invalid UTF-8",
      bytes: Buffer.concat([
        encoder.encode(validText.slice(0, at)),
        new Uint8Array(bad),
        encoder.encode(validText.slice(at)),
      ]),
    })),
  fc
    .constantFrom<unknown>(null, {}, [], 1.5, true, false, [1], { id: 1 })
    .map((id) => of("a wrong id", JSON.stringify({ ...valid, id }))),
  fc
    .oneof(
      fc.constant([]),
      fc.array(fc.constantFrom<unknown>(1, null, "x", {}), { minLength: 1, maxLength: 5 }),
    )
    .map((batch) => of("a batch of nothing sound", JSON.stringify(batch))),
  fc.constant(of("a batch over the bound", JSON.stringify(new Array(101).fill(valid)))),
  fc
    .jsonValue({ maxDepth: 3 })
    .filter((value) => typeof value !== "object" || value === null || !("jsonrpc" in value))
    .map((value) => of("JSON that is no message", JSON.stringify(value))),
  fc
    .record({
      jsonrpc: fc.constant("2.0"),
      id: fc.integer(),
      method: fc.constantFrom<unknown>(1, null, {}, []),
    })
    .map((message) => of("a wrong method", JSON.stringify(message))),
);

/** A message of more than 10 MB, for the bound of the body and of the line. */
export const huge: Malformed = of(
  "more than 10 MB",
  JSON.stringify({ ...valid, params: { x: "x".repeat(10_500_000) } }),
);
