import { expect, test } from "bun:test";
import { batchLimitCount, nestingLimitCount, parseBytes, parseText } from "./parse.ts";

const call = { jsonrpc: "2.0", id: 1, method: "ping" };

test("a request, a notification and a response are read as they are", () => {
  const messages = [
    call,
    { jsonrpc: "2.0", id: "a", method: "tools/call", params: { name: "x" } },
    { jsonrpc: "2.0", method: "notifications/initialized" },
    { jsonrpc: "2.0", id: 1, result: {} },
    { jsonrpc: "2.0", id: 1, error: { code: -32600, message: "no" } },
    { jsonrpc: "2.0", id: null, error: { code: -32700, message: "no" } },
  ];
  for (const message of messages) {
    expect(parseText(JSON.stringify(message)) as object).toEqual({ kind: "message", message });
  }
});

test.each([
  ["text that is no JSON", "{", null, -32700],
  ["nothing", "", null, -32700],
  ["a raw NUL", '{"jsonrpc":"2.0","id":1,"method":"a\0"}', null, -32700],
  ["a number", "1", null, -32600],
  ["null", "null", null, -32600],
  ["another version", '{"jsonrpc":"1.0","id":7,"method":"ping"}', 7, -32600],
  ["an id that is null", '{"jsonrpc":"2.0","id":null,"method":"ping"}', null, -32600],
  ["an id that is an object", '{"jsonrpc":"2.0","id":{},"method":"ping"}', null, -32600],
  ["an id that is a fraction", '{"jsonrpc":"2.0","id":1.5,"method":"ping"}', null, -32600],
  ["an id that is a boolean", '{"jsonrpc":"2.0","id":true,"method":"ping"}', null, -32600],
  ["a method that is a number", '{"jsonrpc":"2.0","id":"q","method":4}', "q", -32600],
  ["params that are a list", '{"jsonrpc":"2.0","id":3,"method":"a","params":[]}', 3, -32600],
  [
    "_meta that is a text",
    '{"jsonrpc":"2.0","id":3,"method":"a","params":{"_meta":""}}',
    3,
    -32600,
  ],
  ["neither method nor result", '{"jsonrpc":"2.0","id":3}', 3, -32600],
  [
    "result and error",
    '{"jsonrpc":"2.0","id":3,"result":{},"error":{"code":1,"message":""}}',
    3,
    -32600,
  ],
  ["a result without id", '{"jsonrpc":"2.0","result":{}}', null, -32600],
])("%s is refused with the id that it has", (_name, text, id, code) => {
  const parsed = parseText(text);
  expect(parsed).toMatchObject({ kind: "invalid", answer: { id, error: { code } } });
});

test("bytes that are not UTF-8 are refused", () => {
  const parsed = parseBytes(new Uint8Array([0x22, 0xff, 0xfe, 0x22]));
  const message = "Cannot read the message: it is not valid UTF-8";
  expect(parsed).toMatchObject({ kind: "invalid", answer: { error: { code: -32700, message } } });
});

test("nesting is bounded, and brackets in strings do not count", () => {
  const deep = (levels: number): string =>
    `{"jsonrpc":"2.0","id":1,"method":"a","params":{"x":${"[".repeat(levels)}${"]".repeat(levels)}}}`;
  expect(parseText(deep(nestingLimitCount - 2)).kind).toBe("message");
  expect(parseText(deep(nestingLimitCount - 1)).kind).toBe("invalid");
  expect(parseText(deep(10_000)).kind).toBe("invalid");
  const inString = { ...call, params: { x: `"${"[".repeat(10_000)}` } };
  expect(parseText(JSON.stringify(inString)).kind).toBe("message");
});

test("a batch is read entry by entry and is bounded", () => {
  const parsed = parseText(JSON.stringify([call, 1, { jsonrpc: "2.0", id: 2 }]));
  expect(parsed).toMatchObject({
    kind: "batch",
    messages: [call],
    refused: [{ id: null }, { id: 2 }],
  });
  const tooMany = new Array(batchLimitCount + 1).fill(call);
  expect(parseText(JSON.stringify(tooMany))).toMatchObject({ answer: { error: { code: -32600 } } });
  expect(parseText("[]")).toMatchObject({ kind: "invalid", answer: { error: { code: -32600 } } });
});
