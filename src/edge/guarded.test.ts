import { expect, test } from "bun:test";
import { startGateway } from "../../tests/edge/gateway.ts";
import { openSession, post } from "../../tests/wire/http.ts";

// The fronts behind the gateway leave the check to it: a path that it forgot would be open to every web page.
const paths = [
  "/mcp",
  "/sse",
  "/text/mcp",
  "/one/mcp",
  "/one/sse",
  "/one/text/mcp",
  "/one/messages",
];
const otherPaths = ["/one/openapi.json", "/one/events", "/one/tools/echo", "/nowhere"];

test("every path refuses hosts and pages that are not allowed", async () => {
  await using berth = startGateway({ one: {} });
  await openSession(`${berth.url}/one/mcp`);
  const strangers = [{ host: "rebound.example" }, { origin: "http://page.example" }];
  const statuses: [string, ...number[]][] = [];
  for (const path of [...paths, ...otherPaths]) {
    const answers = await Promise.all(
      strangers.map((headers) => post(berth.url + path, { id: 1, method: "ping" }, headers)),
    );
    statuses.push([path, ...answers.map(({ status }) => status)]);
  }
  expect(statuses).toEqual([...paths, ...otherPaths].map((path) => [path, 403, 403]));
});

test("a page that is allowed asks first and may read the answer", async () => {
  await using berth = startGateway({ one: {} });
  const headers = { origin: "http://localhost:3000" };
  const asked = await fetch(`${berth.url}/one/mcp`, { method: "OPTIONS", headers });
  const answered = await post(`${berth.url}/one/mcp`, { id: 1, method: "ping" }, headers);
  const allowed = [asked, answered].map((one) => [
    one.status,
    one.headers.get("access-control-allow-origin"),
  ]);
  expect(allowed).toEqual([
    [204, headers.origin],
    [200, headers.origin],
  ]);
});
