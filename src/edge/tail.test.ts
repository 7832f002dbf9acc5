import { expect, test } from "bun:test";
import { generateKeyPair, SignJWT } from "jose";
import { berth } from "../../tests/berth.ts";
import { callTool } from "../../tests/edge/calls.ts";
import { startGateway, type TestGateway } from "../../tests/edge/gateway.ts";
import { Secret } from "../core/secret.ts";
import { Access } from "./access.ts";
import { OAuth } from "./oauth.ts";

/** How a running Berth answers `berth tail` with this token: the exit code, and what it complains of. */
async function tail({ url }: TestGateway, name: string, token?: string) {
  const env = { BERTH_URL: url, ...(token && { BERTH_TOKEN: token }) };
  const argv = ["tail", name, "--no-follow", "--json"];
  const { code, stdout, stderr } = await berth(argv, { cwd: "/", env });
  return { code, sees: stdout.includes('"kind":"ready"'), says: stderr.replaceAll(url, "") };
}

const seen = { code: 0, sees: true, says: "" };
const refused = (name: string) => ({
  code: 1,
  sees: false,
  says: `Cannot follow /${name}/events?last=50&follow=false: HTTP 403\nhint: Give the token "tail": true and the server in auth.tokens of berth.json.\n`,
});

test("a token shows the events of its servers when it says tail, and otherwise lets its holder call only", async () => {
  const access = new Access({
    tokens: [
      { name: "ops", token: new Secret("o"), tail: true, servers: ["a"] },
      { name: "desk", token: new Secret("d") },
    ],
  });
  await using gateway = startGateway({ a: {}, b: {} }, access);
  for (const token of ["o", "d"]) {
    const headers = { authorization: `Bearer ${token}` };
    expect(await callTool(`${gateway.url}/a/mcp`, "echo", { text: "hi" }, headers)).toMatchObject({
      text: "hi",
    });
  }
  expect(await tail(gateway, "a", "o")).toEqual(seen);
  expect(await tail(gateway, "b", "o")).toEqual(refused("b"));
  expect(await tail(gateway, "a", "d")).toEqual(refused("a"));
  expect(await tail(gateway, "a", "x")).toMatchObject({ code: 1, sees: false });
});

test("an access token shows events when it has the scope for that, whatever another of its subject has", async () => {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const claims = { issuer: "https://issuer.example", audience: "https://berth.example" };
  const oauth = new OAuth({ ...claims, tailScope: "berth:tail", keys: async () => publicKey });
  await using gateway = startGateway({ a: {} }, new Access({ tokens: [], oauth }));
  const sign = (scope: string): Promise<string> =>
    new SignJWT({ iss: claims.issuer, aud: claims.audience, sub: "ada", scope })
      .setProtectedHeader({ alg: "ES256" })
      .setExpirationTime("5m")
      .sign(privateKey);
  const headers = { authorization: `Bearer ${await sign("tools")}` };
  await callTool(`${gateway.url}/a/mcp`, "echo", {}, headers);
  expect(await tail(gateway, "a", await sign("tools berth:tail"))).toEqual(seen);
  expect(await tail(gateway, "a", await sign("tools"))).toEqual(refused("a"));
  const response = await fetch(`${gateway.url}/a/events`, { headers });
  expect(response.headers.get("www-authenticate")).toContain('scope="berth:tail"');
});

test("without access control events are shown as far as loopback reaches", async () => {
  for (const [isLoopback, expected] of [
    [true, seen],
    [false, refused("a")],
  ] as const) {
    await using gateway = startGateway({ a: {} }, new Access({ tokens: [], isLoopback }));
    await callTool(`${gateway.url}/a/mcp`, "echo");
    expect(await tail(gateway, "a")).toEqual(expected);
  }
});
