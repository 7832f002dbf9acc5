import { afterAll, describe, expect, test } from "bun:test";
import { AppError } from "./fault.ts";
import { openUpstream, pathSegment } from "./upstream.ts";

/** Statuses that the stand-in for a service answers with, one a request; then 200. */
let statuses: number[] = [];
const seen: string[] = [];
const service = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  async fetch(request) {
    const { pathname, search } = new URL(request.url);
    seen.push(
      `${request.method} ${pathname}${search} ${request.headers.get("x-request-id") ?? "-"}`,
    );
    const status = statuses.shift() ?? 200;
    if (pathname === "/text") return new Response("not json", { status });
    if (pathname === "/empty") return new Response(null, { status: 204 });
    if (pathname === "/redirect") return Response.redirect("/elsewhere");
    return Response.json({ status, sent: await request.text() }, { status });
  },
});
afterAll(() => service.stop(true));
const upstream = openUpstream({
  name: "test service",
  baseUrl: `http://127.0.0.1:${service.port}`,
});

describe("an upstream call", () => {
  test("carries query, body and request id, and returns the parsed answer", async () => {
    seen.length = 0;
    const query = { a: "x y", b: 1, c: undefined };
    const got = await upstream.call({ method: "GET", path: "/things", query, requestId: "r-1" });
    const posted = await upstream.call({ method: "POST", path: "/things", body: { n: 1 } });
    expect([got.body, posted.body]).toEqual([
      { status: 200, sent: "" },
      { status: 200, sent: '{"n":1}' },
    ]);
    expect(seen).toEqual(["GET /things?a=x+y&b=1 r-1", "POST /things -"]);
  });

  test("returns no body for an empty answer", async () => {
    const { status, body } = await upstream.call({ method: "GET", path: "/empty" });
    expect({ status, body }).toEqual({ status: 204, body: undefined });
  });

  test.each([
    ["GET", [503, 502], 2, "HTTP 502"],
    ["GET", [500], 1, "HTTP 500"],
    ["POST", [503], 1, "HTTP 503"],
    ["POST", [502], 1, "HTTP 502"],
  ] as const)(
    "tries a %s that meets %j as often as is safe",
    async (method, given, attempts, error) => {
      statuses = [...given];
      seen.length = 0;
      const failure = await failureOf(upstream.call({ method, path: "/things" }));
      expect({ attempts: seen.length, error: failure.error }).toEqual({ attempts, error });
    },
  );

  test("repeats a read that met a restarting service, and succeeds", async () => {
    statuses = [503];
    const { body } = await upstream.call({ method: "GET", path: "/things" });
    expect(body).toEqual({ status: 200, sent: "" });
  });

  test("names what it got when the answer is no JSON, a redirect, or an error with a text body", async () => {
    expect(await failureOf(upstream.call({ method: "GET", path: "/text" }))).toEqual({
      error: "Invalid backend response",
      detail: "test service: the body is not JSON",
      status_code: 200,
    });
    statuses = [404];
    expect(await failureOf(upstream.call({ method: "GET", path: "/text" }))).toEqual({
      error: "HTTP 404",
      detail: "not json",
      status_code: 404,
    });
    const redirected = await failureOf(upstream.call({ method: "POST", path: "/redirect" }));
    expect(redirected.error).toBe("Backend unreachable");
  });

  test("stops reading an answer without a length at its limit", async () => {
    let sentBytes = 0;
    using endless = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              sentBytes += 1 << 20;
              controller.enqueue(new Uint8Array(1 << 20).fill(32));
            },
          }),
        ),
    });
    const greedy = openUpstream({
      name: "test service",
      baseUrl: `http://127.0.0.1:${endless.port}`,
    });
    expect(await failureOf(greedy.call({ method: "POST", path: "/" }))).toEqual({
      error: "Invalid backend response",
      detail: "test service: answer over 33554432 bytes",
      status_code: null,
    });
    expect(sentBytes).toBeLessThan(64 << 20);
  });

  test("names the service that does not answer", async () => {
    const nobody = openUpstream({ name: "test service", baseUrl: "http://127.0.0.1:1" });
    const { error, detail, status_code } = await failureOf(
      nobody.call({ method: "GET", path: "/" }),
    );
    expect({ error, service: detail.startsWith("test service: "), status_code }).toEqual({
      error: "Backend unreachable",
      service: true,
      status_code: null,
    });
  });
});

test.each([
  ["AROUT", "AROUT"],
  ["../../actuator/health", "..%2F..%2Factuator%2Fhealth"],
  ["a/../b?x=1", "a%2F..%2Fb%3Fx%3D1"],
  ["%2e%2e", "%252e%252e"],
  ["é\u0000", "%C3%A9%00"],
  ["\ud800", "%EF%BF%BD"],
])("pathSegment keeps %j in one segment", (id, segment) => {
  expect(pathSegment("id", id)).toBe(segment);
});

test.each(["", ".", ".."])("pathSegment refuses %j", (id) => {
  expect(() => pathSegment("id", id)).toThrow(AppError);
});

async function failureOf(
  call: Promise<unknown>,
): Promise<{ error: string; detail: string; status_code: unknown }> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`expected an AppError, got ${String(error)}`);
  // Every AppError of the client carries this detail.
  return error.detail as { error: string; detail: string; status_code: unknown };
}
