import { expect, test } from "bun:test";
import { parseProxyRequest } from "./proxy-request.ts";

test.each([
  ["CONNECT [::1]:443 HTTP/1.1", { host: "::1", port: 443 }],
  ["CONNECT 0x7f.1:443 HTTP/1.1", { host: "127.0.0.1", port: 443 }],
  ["CONNECT A.Test.:443 HTTP/1.1", { host: "a.test", port: 443 }],
  ["CONNECT a.test HTTP/1.1", undefined],
  ["CONNECT a@b.test:443 HTTP/1.1", undefined],
  ["GET http://user@2130706433/ HTTP/1.1", { host: "127.0.0.1", port: 80 }],
  ["GET https://a.test/ HTTP/1.1", undefined],
  ["GET http://a.test/ HTTP/1.1\r\nno header", undefined],
  ["GET http://a.test/ HTTP/1.1\r\n folded: x", undefined],
])("parseProxyRequest reads %j", (head, destination) => {
  expect(parseProxyRequest(head)?.destination).toEqual(destination as never);
});
