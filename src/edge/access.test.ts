import { afterAll, expect, test } from "bun:test";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { callModern, callTool, toolNames } from "../../tests/edge/calls.ts";
import { startGateway } from "../../tests/edge/gateway.ts";
import { Secret } from "../core/secret.ts";
import { Access, checkExposure } from "./access.ts";
import { OAuth } from "./oauth.ts";
import { RateLimit } from "./rate-limit.ts";

const { publicKey, privateKey } = await generateKeyPair("ES256");
const stranger = await generateKeyPair("ES256");
/** An authorization server, as far as a resource server sees it. */
const issuerServer = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  async fetch(request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/.well-known/oauth-authorization-server") {
      return Response.json({ issuer, jwks_uri: `${issuer}/keys` });
    }
    return Response.json({ keys: [{ ...(await exportJWK(publicKey)), alg: "ES256", kid: "1" }] });
  },
});
const issuer: string = `http://127.0.0.1:${issuerServer.port}`;
const audience = "https://berth.example";
afterAll(() => issuerServer.stop(true));

interface Claims extends JWTPayload {
  expiresIn?: string;
}

function sign({ expiresIn = "5m", ...claims }: Claims = {}, key = privateKey): Promise<string> {
  return new SignJWT({ iss: issuer, aud: audience, sub: "ada", scope: "tools", ...claims })
    .setProtectedHeader({ alg: "ES256", kid: "1" })
    .setExpirationTime(expiresIn)
    .sign(key);
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

test("a token lets its holder in, to its servers and tools only", async () => {
  const access = new Access({
    tokens: [
      { name: "ops", token: new Secret("all-of-it") },
      { name: "desk", token: new Secret("some"), servers: ["a"], tools: { readOnly: true } },
    ],
  });
  await using berth = startGateway({ a: {}, b: {} }, access);
  for (const call of [callTool, callModern]) {
    expect(
      await call(`${berth.url}/b/mcp`, "echo", { text: "hi" }, bearer("all-of-it")),
    ).toMatchObject({ text: "hi" });
    expect(await call(`${berth.url}/a/mcp`, "echo", { text: "hi" }, bearer("some"))).toMatchObject({
      text: "hi",
    });
    expect((await call(`${berth.url}/a/mcp`, "crash", {}, bearer("some"))).error?.code).toBe(
      -32602,
    );
    expect((await call(`${berth.url}/b/mcp`, "echo", {}, bearer("some"))).status).toBe(403);
    expect((await call(`${berth.url}/mcp`, "b_echo", {}, bearer("some"))).error?.code).toBe(-32602);
  }
  expect(await toolNames(`${berth.url}/mcp`, bearer("some"))).toEqual([
    "a_echo",
    "a_pid",
    "a_version",
  ]);
  expect(new Set(berth.records.map(({ principal }) => principal))).toEqual(
    new Set(["ops", "desk"]),
  );
});

test("without the right token nothing but health is answered", async () => {
  const access = new Access({ tokens: [{ name: "ops", token: new Secret("right") }] });
  await using berth = startGateway({ a: {} }, access);
  const cases = [
    [{}, 401, 'Bearer realm="berth"'],
    [{ authorization: "Basic b3Bz" }, 401, 'error="invalid_request"'],
    [bearer("wrong"), 401, 'error="invalid_token"'],
  ] as const;
  for (const path of [
    "/a/mcp",
    "/a/sse",
    "/a/openapi.json",
    "/a/events",
    "/a/tools/echo",
    "/mcp",
  ]) {
    for (const [headers, status, says] of cases) {
      const response = await fetch(`${berth.url}${path}`, { headers });
      expect([path, response.status]).toEqual([path, status]);
      expect(response.headers.get("www-authenticate")).toContain(says);
    }
  }
  expect((await fetch(`${berth.url}/healthz`)).status).toBe(200);
});

test("an access token of the authorization server is checked in every part", async () => {
  const oauth = new OAuth({ issuer, audience, requiredScopes: ["tools"] });
  await using berth = startGateway({ a: {} }, new Access({ tokens: [], oauth }));
  const url = `${berth.url}/a/mcp`;
  const good = await callTool(url, "echo", { text: "hi" }, bearer(await sign()));
  expect(good).toMatchObject({ text: "hi" });
  expect(berth.records[0]?.principal).toBe("ada");
  const hmac = await new SignJWT({ iss: issuer, aud: audience, sub: "ada", scope: "tools" })
    .setProtectedHeader({ alg: "HS256" })
    .setExpirationTime("5m")
    .sign(new TextEncoder().encode("x".repeat(32)));
  const cases = [
    [await sign({ iss: "https://other.example" }), 401, "its 'iss' is wrong"],
    [await sign({ aud: "https://other.example" }), 401, "its 'aud' is wrong"],
    [await sign({ expiresIn: "-1m" }), 401, "it has expired"],
    [await sign({}, stranger.privateKey), 401, "its signature is wrong"],
    [hmac, 401, "its algorithm is not allowed"],
    ["no.jwt", 401, "it is not a signed token"],
    [await sign({ scope: "other" }), 403, 'error="insufficient_scope"'],
  ] as const;
  for (const [token, status, says] of cases) {
    const response = await fetch(url, { method: "POST", headers: bearer(token) });
    const challenge = response.headers.get("www-authenticate") ?? "";
    expect([says, response.status]).toEqual([says, status]);
    expect(challenge).toContain(says);
    expect(challenge).toContain(
      `resource_metadata="${berth.url}/.well-known/oauth-protected-resource/a/mcp"`,
    );
    expect(challenge).toContain('scope="tools"');
  }
  const common = {
    authorization_servers: [issuer],
    bearer_methods_supported: ["header"],
    scopes_supported: ["tools"],
    resource_name: "Berth",
  };
  const wellKnown = `${berth.url}/.well-known/oauth-protected-resource`;
  for (const path of [
    "",
    "/mcp",
    "/text/mcp",
    "/a/mcp",
    "/a/sse",
    "/a/text/mcp",
    "/a/tools/echo",
  ]) {
    const metadata = await fetch(`${wellKnown}${path}`);
    expect([metadata.status, await metadata.json()]).toEqual([
      200,
      { resource: `${berth.url}${path}`, ...common },
    ]);
  }
  for (const path of ["/", "/b/mcp", "/a", "/a/other", "/unknown", "/a/mcp/more", "/%00"]) {
    const metadata = await fetch(`${wellKnown}${path}`);
    expect([metadata.status, await metadata.json()]).toEqual([
      404,
      {
        error: "Not Found",
        message: `Cannot describe "${path}": no such resource`,
        hint: "A resource is /<name>/mcp or /mcp; that of the whole address is described at /.well-known/oauth-protected-resource",
      },
    ]);
    // Who is refused there is sent to a document that is.
    const refused = await fetch(`${berth.url}${path}`, { method: "POST" });
    expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([
      401,
      expect.stringContaining(`resource_metadata="${wellKnown}"`),
    ]);
  }
  // It begins with the same letters, and is a path like any other.
  expect((await fetch(`${wellKnown}s`)).status).toBe(401);
});

test("a caller that has used up its minute is 429 until time has passed, others are not", async () => {
  const access = new Access({
    tokens: [
      { name: "slow", token: new Secret("s"), callsPerMinute: 2 },
      { name: "fast", token: new Secret("f") },
    ],
  });
  await using berth = startGateway({ a: {} }, access);
  const url = `${berth.url}/a/mcp`;
  const statuses: number[] = [];
  for (let index = 0; index < 3; index++)
    statuses.push((await callTool(url, "echo", {}, bearer("s"))).status);
  expect(statuses).toEqual([200, 200, 429]);
  expect((await callTool(url, "echo", {}, bearer("f"))).status).toBe(200);

  let nowMs = 0;
  const rate = new RateLimit(60, () => nowMs);
  for (let index = 0; index < 60; index++) expect(rate.take()).toBe(0);
  expect(rate.take()).toBe(1000);
  nowMs = 1000;
  expect([rate.take(), rate.take()]).toEqual([0, 1000]);
});

test("an address that others reach needs access control or the word --insecure", () => {
  const open = new Access({ tokens: [] });
  const closed = new Access({ tokens: [{ name: "ops", token: new Secret("x") }] });
  expect(() => checkExposure("0.0.0.0", open, false)).toThrow("others can reach it");
  expect(() => checkExposure("::", open, false)).toThrow("others can reach it");
  for (const [host, access, isInsecure] of [
    ["0.0.0.0", closed, false],
    ["0.0.0.0", open, true],
    ["127.0.0.1", open, false],
    ["localhost", open, false],
  ] as const) {
    expect(() => checkExposure(host, access, isInsecure)).not.toThrow();
  }
});
