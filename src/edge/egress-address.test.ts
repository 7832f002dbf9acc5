import { expect, test } from "bun:test";
import { specialRange } from "./egress-address.ts";

test.each([
  ["8.8.8.8", undefined],
  ["172.32.0.1", undefined],
  ["2606:4700::1111", undefined],
  ["172.31.255.255", "private"],
  ["255.255.255.255", "reserved"],
  ["fe80::1%eth0", "link-local"],
  ["2002:7f00:1::", "embedded"],
  ["::7f00:1", "embedded"],
  ["::", "unspecified"],
  ["example.org", "not an address"],
])("specialRange knows %s", (address, kind) => {
  expect(specialRange(address)).toBe(kind);
});
