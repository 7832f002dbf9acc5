import { expect, test } from "bun:test";
import { readDropped } from "./dropped-line.ts";

const encoder = new TextEncoder();

test.each([
  // Answers.
  ['{"jsonrpc":"2.0","id":7,"result":{"con', 'tent":[]}}', 7, false],
  ['{"id": 7, "jsonrpc":"2.0","resu', "}", 7, false],
  ['{"result":{"content":[{"id":3}', '"}]},"jsonrpc":"2.0","id":8}', 8, false],
  ['{"result":{"a":"', '"},"id":8,"jsonrpc":"2.0"}', 8, false],
  ['{"jsonrpc":"2.0","id":"text","result":', "}", "text", false],
  // Requests, as the SDKs of Python and TypeScript write them, and with the members elsewhere.
  ['{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"a', '"}}', 1, true],
  ['{"method":"tools/call","params":{"name":"a', '"}},"jsonrpc":"2.0","id":2}', 2, true],
  ['{"params":{"name":"a', '"}},"method":"tools/call","id":"x \\" \\u00e9"}\r', 'x " é', true],
  [' { "id" : "a,b" , "method" : "tools/call" , "params" : {', "} }", "a,b", true],
  // Notifications have none.
  ['{"jsonrpc":"2.0","method":"notifications/x","params":{', "}}", undefined, true],
  // An id inside is none of the message's own, and a batch has more than one.
  ['{"result":{"rows":[{"id":3}', '{"id":3}]}}', undefined, false],
  ['{"method":"x","params":{"text":"a', '\\",\\"id\\":5}"}}', undefined, true],
  ['{"method":"x","params":{"text":"a', ',"id":5}}', undefined, true],
  ['[{"jsonrpc":"2.0","id":1,"method":"tools/call"', '"id":2}]', undefined, false],
  ['{"id":1.5,"method":"x","params":{', "}}", undefined, false],
  ['{"id":"\\x","method":"x","params":{', "}}", undefined, false],
  ["\u0000\u0001", "xxxx", undefined, false],
])(
  "a message that begins %j and ends %j has the id %j, and is a call: %p",
  (head, tail, id, isCall) => {
    expect(readDropped(encoder.encode(head), encoder.encode(tail))).toEqual({ id, isCall });
  },
);
