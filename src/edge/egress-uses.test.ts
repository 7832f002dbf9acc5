import { expect, test } from "bun:test";
import { EgressUses } from "./egress-uses.ts";

test("what a bundle has reached and was refused is counted by address, and not without end", () => {
  const uses = new EgressUses();
  const api = { host: "api.example", port: 443 };
  uses.record("news", api, false);
  uses.record("news", api, false);
  uses.record("news", { host: "evil.example", port: 80 }, true);
  for (let port = 1; port <= 500; port++) uses.record("scan", { host: "10.0.0.1", port }, true);
  const counts = uses
    .of("news")
    .map(({ address, connectionCount, refusedCount }) => [address, connectionCount, refusedCount]);
  expect({ counts, scanned: uses.of("scan").length, other: uses.of("other") }).toEqual({
    counts: [
      ["api.example:443", 2, 0],
      ["evil.example:80", 0, 1],
    ],
    scanned: 100,
    other: [],
  });
});
