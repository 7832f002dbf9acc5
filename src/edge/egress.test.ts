import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { connect, createServer, type Server, type Socket } from "node:net";
import pino from "pino";
import { type Egress, openEgress } from "./egress.ts";
import { specialRange } from "./egress-address.ts";
import { parseProxyRequest } from "./proxy-request.ts";

/** What each name resolves to, one answer a lookup; the last stays. */
const zone = new Map<string, string[][]>();
const lines: unknown[] = [];
const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
let lookups: string[] = [];
let egress: Egress;
let server: ReturnType<typeof Bun.serve>;

beforeAll(async () => {
  server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: echo });
  egress = await openEgress({
    log,
    resolve: async (host) => {
      lookups.push(host);
      const answers = zone.get(host) ?? [];
      return (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
    },
    privateHosts: ["service.internal"],
    limits: { connectionsPerBundle: 2, headMs: 200, connectMs: 300, idleMs: 300 },
  });
});
afterAll(async () => {
  await egress.close();
  await server.stop(true);
});
beforeEach(() => {
  zone.clear();
  lines.length = 0;
  lookups = [];
});

async function echo(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const hop = request.headers.get("proxy-authorization");
  return Response.json({
    host: request.headers.get("host"),
    pathname,
    sent: await request.text(),
    hop,
  });
}

/** Asks through the proxy as a bundle with these hosts would. */
async function ask(
  allow: true | string[],
  url: string,
  init: RequestInit = {},
  deny: string[] = [],
): Promise<unknown> {
  const guest = egress.admit("test", { allow, deny });
  try {
    const response = await fetch(url, { ...init, proxy: guest.url, keepalive: false });
    const text = await response.text();
    return response.ok ? JSON.parse(text) : `${response.status} ${text.trim()}`;
  } finally {
    guest.release();
  }
}

describe("the proxy lets through", () => {
  test("a host that was granted, and passes the request on without its own headers", async () => {
    const url = `http://127.0.0.1:${server.port}/a/b?c=d`;
    const host = `127.0.0.1:${server.port}`;
    expect(await ask([host], url, { method: "POST", body: "x".repeat(200_000) })).toEqual({
      ...{ host, pathname: "/a/b", sent: "x".repeat(200_000), hop: null },
    });
    expect(lines).toEqual([]);
  });

  test.each([
    [
      "a host that the operator lets stand for a private address",
      ["service.internal"],
      "service.internal",
    ],
    ["localhost, granted by that name", ["localhost"], "localhost"],
    ["a name whose address is granted as well", ["named.test", "127.0.0.1"], "named.test"],
    ["a name below a granted suffix, to a granted address", ["*.test", "127.0.0.1"], "a.b.test"],
  ])("%s", async (_, allow, host) => {
    zone.set(host, [["127.0.0.1"]]);
    const answer = await ask(allow, `http://${host}:${server.port}/`);
    expect(answer).toMatchObject({ host: `${host}:${server.port}` });
    expect(lookups).toEqual([host]);
  });
});

describe("the proxy refuses", () => {
  test.each<[string, string[], string, string[], string]>([
    ["a host that was not granted", ["a.test"], "b.test", ["8.8.8.8"], "the host is not granted"],
    ["another port", ["a.test:1"], "a.test", ["8.8.8.8"], "the host is not granted"],
    [
      "the domain of a suffix itself",
      ["*.a.test"],
      "a.test",
      ["8.8.8.8"],
      "the host is not granted",
    ],
    ["a name without an address", ["a.test"], "a.test", [], "the name has no address"],
    [
      "loopback",
      ["a.test"],
      "a.test",
      ["127.0.0.1"],
      "the name leads to a special address (loopback)",
    ],
    [
      "private",
      ["a.test"],
      "a.test",
      ["10.0.0.1"],
      "the name leads to a special address (private)",
    ],
    [
      "metadata",
      ["a.test"],
      "a.test",
      ["169.254.169.254"],
      "the name leads to a special address (link-local)",
    ],
    [
      "shared",
      ["a.test"],
      "a.test",
      ["100.64.0.1"],
      "the name leads to a special address (carrier-grade NAT)",
    ],
    [
      "multicast",
      ["a.test"],
      "a.test",
      ["224.0.0.1"],
      "the name leads to a special address (multicast)",
    ],
    [
      "unique local",
      ["a.test"],
      "a.test",
      ["fd00::1"],
      "the name leads to a special address (private)",
    ],
    [
      "mapped",
      ["a.test"],
      "a.test",
      ["::ffff:10.0.0.1"],
      "the name leads to a special address (private)",
    ],
    [
      "mapped public",
      ["a.test"],
      "a.test",
      ["::ffff:8.8.8.8"],
      "the name leads to a special address (embedded)",
    ],
    [
      "NAT64",
      ["a.test"],
      "a.test",
      ["64:ff9b::a00:1"],
      "the name leads to a special address (embedded)",
    ],
    [
      "metadata behind a host of the operator",
      ["service.internal"],
      "service.internal",
      ["169.254.169.254"],
      "the name leads to a special address (link-local)",
    ],
  ])("%s, and logs why", async (_, allow, host, addresses, reason) => {
    zone.set(host, [addresses]);
    expect(await ask(allow, `http://${host}:${server.port}/`)).toBe(
      `403 Cannot reach "${host}:${server.port}": ${reason}`,
    );
    expect(lines).toMatchObject([
      { level: 40, bundle: "test", host, port: server.port, reason, msg: "egress refused" },
    ]);
  });

  test("a name that changes its address: the one answer that was judged is the one that is used", async () => {
    // 127.0.0.1 stands for the attacker's own server, 127.0.0.2 for what the second answer is to
    // reach.
    const allow = ["rebind.test", `127.0.0.1:${server.port}`];
    zone.set("rebind.test", [["127.0.0.1"], ["127.0.0.2"]]);
    const url = `http://rebind.test:${server.port}/`;
    expect([await ask(allow, url), await ask(allow, url)]).toEqual([
      expect.objectContaining({ host: `rebind.test:${server.port}` }),
      `403 Cannot reach "rebind.test:${server.port}": the name leads to a special address (loopback)`,
    ]);
    expect(lookups).toEqual(["rebind.test", "rebind.test"]);
  });

  test("what is denied, by name and by the address behind another name", async () => {
    zone.set("other.test", [["127.0.0.1"]]);
    const url = (host: string) => `http://${host}:${server.port}/`;
    const outcomes = [
      await ask(true, url("127.0.0.1"), {}, ["127.0.0.1"]),
      await ask(true, url("other.test"), {}, ["127.0.0.1"]),
      await ask(true, url("other.test"), {}, ["elsewhere.test"]),
    ];
    expect(outcomes).toEqual([
      `403 Cannot reach "127.0.0.1:${server.port}": the host is denied`,
      `403 Cannot reach "other.test:${server.port}": its address is denied`,
      expect.objectContaining({ pathname: "/" }),
    ]);
  });

  test("a bundle without its token, one that was let go, and text that is no request", async () => {
    const guest = egress.admit("gone", { allow: true, deny: [] });
    guest.release();
    const status = async (head: string) => (await exchange(head)).split("\r\n")[0];
    const gone = Buffer.from(`berth:${new URL(guest.url).password}`).toString("base64");
    expect([
      await status("GET http://127.0.0.1/ HTTP/1.1\r\n\r\n"),
      await status(`CONNECT a.test:443 HTTP/1.1\r\nProxy-Authorization: Basic ${gone}\r\n\r\n`),
      await status("GET / HTTP/1.1\r\n\r\n"),
      await status("hello\r\n\r\n"),
      await status(`GET http://a.test/ HTTP/1.1\r\nX: ${"x".repeat(20_000)}`),
    ]).toEqual([
      ...Array(2).fill("HTTP/1.1 407 Proxy Authentication Required"),
      ...Array(3).fill("HTTP/1.1 400 Bad Request"),
    ]);
  });
});

describe("a connection", () => {
  let echoing: Server;
  let echoPort: number;
  beforeAll(async () => {
    echoing = createServer((socket) => socket.pipe(socket));
    await new Promise<void>((resolve) => echoing.listen(0, "127.0.0.1", resolve));
    echoPort = (echoing.address() as { port: number }).port;
  });
  afterAll(() => void echoing.close());

  const tunnel = (url: string) => {
    const { username, password } = new URL(url);
    const credentials = Buffer.from(`${username}:${password}`).toString("base64");
    return `CONNECT 127.0.0.1:${echoPort} HTTP/1.1\r\nProxy-Authorization: Basic ${credentials}\r\n\r\n`;
  };

  test("through CONNECT carries bytes both ways, those behind the head included, and ends when silent", async () => {
    const guest = egress.admit("test", { allow: [`127.0.0.1:${echoPort}`], deny: [] });
    expect(await exchange(`${tunnel(guest.url)}early bytes`)).toBe(
      "HTTP/1.1 200 Connection Established\r\n\r\nearly bytes",
    );
    guest.release();
  });

  test("is one of few for a bundle, and ends with the bundle", async () => {
    const guest = egress.admit("test", { allow: [`127.0.0.1:${echoPort}`], deny: [] });
    const open = [await opened(tunnel(guest.url)), await opened(tunnel(guest.url))];
    expect(await exchange(tunnel(guest.url))).toEndWith("too many connections\n");
    const closed = open.map((socket) => new Promise((resolve) => socket.on("close", resolve)));
    guest.release();
    await Promise.all(closed);
  });

  test("that never finishes its head is closed", async () => {
    expect(await exchange("GET http://a.test/ HTTP/1.1\r\n")).toBe("");
  });

  test("to a port where nobody listens is a 502", async () => {
    expect(await ask(["127.0.0.1:1"], "http://127.0.0.1:1/")).toBe("502 127.0.0.1:1 is silent");
  });
});

/** Sends text and reads until the proxy closes. */
async function exchange(text: string): Promise<string> {
  const socket = connect(egress.port, "127.0.0.1");
  socket.write(text);
  let received = "";
  for await (const chunk of socket) received += String(chunk);
  return received;
}

async function opened(text: string): Promise<Socket> {
  const socket = connect(egress.port, "127.0.0.1");
  socket.write(text);
  await new Promise((resolve) => socket.once("data", resolve));
  return socket;
}

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
