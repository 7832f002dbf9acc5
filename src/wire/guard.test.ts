import { expect, test } from "bun:test";
import { post } from "../../tests/wire/http.ts";
import { ScriptedServer } from "../../tests/wire/scripted.ts";
import { Secret } from "../core/secret.ts";
import { createMux } from "./mux.ts";
import { requestIdKey } from "./protocol.ts";
import { type ServeFrontOptions, serveFront } from "./serve.ts";

async function withFront(
  options: Partial<ServeFrontOptions>,
  use: (url: string, server: ScriptedServer) => Promise<void>,
): Promise<void> {
  const server = new ScriptedServer();
  const mux = createMux(server);
  const front = serveFront({ mux, port: 0, ...options });
  await use(front.url, server);
  await front.stop();
  await mux.close();
}

const ping = { id: 1, method: "ping" };

test("the bearer token is asked for on MCP paths, handed on to the server, and not asked for on health paths", async () => {
  await withFront({ token: new Secret("s3cr3t") }, async (url, server) => {
    const send = (authorization?: string): Promise<Response> =>
      post(`${url}/mcp`, { id: 1, method: "tools/list" }, authorization ? { authorization } : {});
    const missing = await send();
    expect([missing.status, missing.headers.get("www-authenticate")]).toEqual([
      401,
      'Bearer realm="mcp"',
    ]);
    const wrong = await send("Bearer s3cr3");
    const challenge = 'Bearer realm="mcp", error="invalid_token"';
    expect([wrong.status, wrong.headers.get("www-authenticate")]).toEqual([401, challenge]);
    expect((await send("bearer s3cr3t")).status).toBe(200);
    for (const path of ["/health", "/healthz", "/health/ready", "/readyz", "/metrics"]) {
      expect((await fetch(url + path)).status).toBe(200);
    }
    expect(server.received.map((message) => "method" in message && message.method)).toContain(
      "tools/list",
    );
  });
});

test("a server in this process learns who called; its messages do not say it", async () => {
  await withFront({}, async (url, server) => {
    const params = { name: "echo", arguments: { text: "hi" } };
    await post(
      `${url}/mcp`,
      { id: 1, method: "tools/call", params },
      { authorization: "Bearer user" },
    );
    expect(server.callers.at(-1)).toEqual({ authorization: "Bearer user" });
    expect(JSON.stringify(server.received)).not.toContain("Bearer");
  });
});

test("a request id leads through to the server and back; one that is not safe is replaced", async () => {
  await withFront({}, async (url, server) => {
    const params = { name: "echo", arguments: {} };
    const given = await post(
      `${url}/mcp`,
      { id: 1, method: "tools/call", params },
      { "x-request-id": "req-7" },
    );
    expect(given.headers.get("x-request-id")).toBe("req-7");
    const last = server.received.at(-1);
    expect(last && "params" in last && last.params?._meta).toEqual({ [requestIdKey]: "req-7" });
    const unsafe = await post(`${url}/mcp`, ping, { "x-request-id": "a b<script>" });
    expect(unsafe.headers.get("x-request-id")).toMatch(/^[0-9a-f]{8}-\d+$/);
  });
});

test("pages of allowed origins may call and read the answer, pages of others may not", async () => {
  await withFront({ allowedOrigins: ["https://app.example.com"] }, async (url) => {
    const origin = "https://app.example.com";
    const preflight = await fetch(`${url}/mcp`, { method: "OPTIONS", headers: { origin } });
    expect([preflight.status, preflight.headers.get("access-control-allow-origin")]).toEqual([
      204,
      origin,
    ]);
    const answer = await post(`${url}/mcp`, ping, { origin });
    expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
    expect(answer.headers.get("access-control-expose-headers")).toContain("mcp-session-id");
    const foreign = { origin: "https://evil.example.com" };
    expect((await fetch(`${url}/mcp`, { method: "OPTIONS", headers: foreign })).status).toBe(403);
    const refused = await post(`${url}/mcp`, ping, foreign);
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([
      403,
      null,
    ]);
    expect((await post(`${url}/mcp`, ping)).headers.get("access-control-allow-origin")).toBeNull();
  });
});

test.each([
  [["customer-mcp"], "customer-mcp:8001", 200],
  [["customer-mcp:8001"], "customer-mcp:8001", 200],
  [["customer-mcp:8001"], "customer-mcp:9000", 403],
  [["*"], "anything.example.com", 200],
  [[], "LOCALHOST:1234", 200],
  [[], "[::1]:1234", 200],
  [[], "localhost.evil.example.com", 403],
  [[], "127.0.0.1.evil.example.com", 403],
])("with allowed hosts %p, host %s is answered with %i", async (allowedHosts, host, status) => {
  await withFront({ allowedHosts }, async (url) => {
    expect((await post(`${url}/mcp`, ping, { host })).status).toBe(status);
    // Kubernetes probes a pod by its address.
    expect((await fetch(`${url}/healthz`, { headers: { host: "10.0.0.7:8080" } })).status).toBe(
      200,
    );
  });
});

test("readiness follows the callback and the server", async () => {
  const readiness = { isReady: false, detail: { backend: "connection refused" } };
  await withFront({ checkReady: async () => readiness }, async (url, server) => {
    const down = await fetch(`${url}/readyz`);
    expect([down.status, await down.json()]).toEqual([
      503,
      { status: "DOWN", backend: "connection refused" },
    ]);
    readiness.isReady = true;
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    await server.close();
    const gone = await fetch(`${url}/readyz`);
    expect([gone.status, await gone.json()]).toEqual([
      503,
      { status: "DOWN", server: "it was closed" },
    ]);
  });
});

test("HTTP+SSE that is switched off is answered with 410 and the way that is open", async () => {
  await withFront({ isOldSseServed: false }, async (url) => {
    const response = await fetch(`${url}/sse`, { headers: { accept: "text/event-stream" } });
    expect(response.status).toBe(410);
    expect(JSON.stringify(await response.json())).toContain("/mcp");
  });
});
