import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { askThrough, exchangeWith, openTestProxy, type TestProxy } from "../../tests/edge/proxy.ts";

let proxy: TestProxy;
beforeAll(async () => {
  proxy = await openTestProxy();
});
afterAll(() => proxy.close());
beforeEach(() => proxy.reset());

const ask = (allow: true | string[], url: string, init: RequestInit = {}, deny: string[] = []) =>
  askThrough(proxy, { allow, deny }, url, init);

describe("the proxy lets through", () => {
  test("a host that was granted, and passes the request on without its own headers", async () => {
    const url = `http://127.0.0.1:${proxy.port}/a/b?c=d`;
    const host = `127.0.0.1:${proxy.port}`;
    expect(await ask([host], url, { method: "POST", body: "x".repeat(200_000) })).toEqual({
      ...{ host, pathname: "/a/b", sent: "x".repeat(200_000), hop: null },
    });
    expect(proxy.lines).toEqual([]);
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
    proxy.zone.set(host, [["127.0.0.1"]]);
    const answer = await ask(allow, `http://${host}:${proxy.port}/`);
    expect(answer).toMatchObject({ host: `${host}:${proxy.port}` });
    expect(proxy.lookups).toEqual([host]);
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
    proxy.zone.set(host, [addresses]);
    expect(await ask(allow, `http://${host}:${proxy.port}/`)).toBe(
      `403 Cannot reach "${host}:${proxy.port}": ${reason}`,
    );
    expect(proxy.lines).toMatchObject([
      { level: 40, server: "test", host, port: proxy.port, reason, msg: "egress refused" },
    ]);
  });

  test("a name that changes its address: the one answer that was judged is the one that is used", async () => {
    // 127.0.0.1 stands for the attacker's own server, 127.0.0.2 for what the second answer is to
    // reach.
    const allow = ["rebind.test", `127.0.0.1:${proxy.port}`];
    proxy.zone.set("rebind.test", [["127.0.0.1"], ["127.0.0.2"]]);
    const url = `http://rebind.test:${proxy.port}/`;
    expect([await ask(allow, url), await ask(allow, url)]).toEqual([
      expect.objectContaining({ host: `rebind.test:${proxy.port}` }),
      `403 Cannot reach "rebind.test:${proxy.port}": the name leads to a special address (loopback)`,
    ]);
    expect(proxy.lookups).toEqual(["rebind.test", "rebind.test"]);
  });

  test("what is denied, by name and by the address behind another name", async () => {
    proxy.zone.set("other.test", [["127.0.0.1"]]);
    const url = (host: string) => `http://${host}:${proxy.port}/`;
    const outcomes = [
      await ask(true, url("127.0.0.1"), {}, ["127.0.0.1"]),
      await ask(true, url("other.test"), {}, ["127.0.0.1"]),
      await ask(true, url("other.test"), {}, ["elsewhere.test"]),
    ];
    expect(outcomes).toEqual([
      `403 Cannot reach "127.0.0.1:${proxy.port}": the host is denied`,
      `403 Cannot reach "other.test:${proxy.port}": its address is denied`,
      expect.objectContaining({ pathname: "/" }),
    ]);
  });

  test.each([
    ["[::ffff:127.0.0.1]", "127.0.0.1"],
    ["0.0.0.0", "127.0.0.1"],
    ["127.0.0.1", "localhost"],
    ["[64:ff9b::169.254.169.254]", "169.254.169.254"],
    ["[2002:a9fe:a9fe::]", "169.254.169.254"],
    ["[::]", "[::1]"],
  ])("%s where everything but %s is granted", async (host, denied) => {
    const answer = await ask(true, `http://${host}:${proxy.port}/`, {}, [denied]);
    expect(answer).toStartWith("403 Cannot reach ");
    expect(answer).toEndWith("its address is denied");
  });

  test("a bundle without its token, one that was let go, and text that is no request", async () => {
    const guest = proxy.egress.admit("gone", { allow: true, deny: [] });
    guest.release();
    const status = async (head: string) => (await exchangeWith(proxy, head)).split("\r\n")[0];
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
