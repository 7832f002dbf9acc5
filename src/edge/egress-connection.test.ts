import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createServer, type Server } from "node:net";
import {
  askThrough,
  exchangeWith,
  openTestProxy,
  openThrough,
  type TestProxy,
} from "../../tests/edge/proxy.ts";

let proxy: TestProxy;
beforeAll(async () => {
  proxy = await openTestProxy();
});
afterAll(() => proxy.close());

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
    const guest = proxy.egress.admit("test", { allow: [`127.0.0.1:${echoPort}`], deny: [] });
    expect(await exchangeWith(proxy, `${tunnel(guest.url)}early bytes`)).toBe(
      "HTTP/1.1 200 Connection Established\r\n\r\nearly bytes",
    );
    guest.release();
  });

  test("is one of few for a bundle, and ends with the bundle", async () => {
    const guest = proxy.egress.admit("test", { allow: [`127.0.0.1:${echoPort}`], deny: [] });
    const open = [
      await openThrough(proxy, tunnel(guest.url)),
      await openThrough(proxy, tunnel(guest.url)),
    ];
    expect(await exchangeWith(proxy, tunnel(guest.url))).toEndWith("too many connections\n");
    const closed = open.map((socket) => new Promise((resolve) => socket.on("close", resolve)));
    guest.release();
    await Promise.all(closed);
  });

  // Bun's server closes without saying so; a client kept the connection and lost its next request on it.
  test("of one request says in the answer that it ends with it, after interim answers and in pieces", async () => {
    const pieces = [
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nConn",
      "ection: keep-alive\r\nA: b\r\n\r\nbody",
    ];
    const terse = createServer((socket) => {
      socket.once("data", async () => {
        for (const piece of pieces) await new Promise((resolve) => socket.write(piece, resolve));
        socket.end();
      });
    });
    await new Promise<void>((resolve) => terse.listen(0, "127.0.0.1", resolve));
    const { port } = terse.address() as { port: number };
    const guest = proxy.egress.admit("test", { allow: [`127.0.0.1:${port}`], deny: [] });
    const { password } = new URL(guest.url);
    const credentials = Buffer.from(`berth:${password}`).toString("base64");
    const head = `GET http://127.0.0.1:${port}/ HTTP/1.1\r\nProxy-Authorization: Basic ${credentials}\r\n\r\n`;
    expect(await exchangeWith(proxy, head)).toBe(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\nConnection: close\r\n\r\nbody",
    );
    guest.release();
    terse.close();
  });

  test("that never finishes its head is closed", async () => {
    expect(await exchangeWith(proxy, "GET http://a.test/ HTTP/1.1\r\n")).toBe("");
  });

  test("to a port where nobody listens is a 502", async () => {
    expect(await askThrough(proxy, { allow: ["127.0.0.1:1"] }, "http://127.0.0.1:1/")).toBe(
      "502 127.0.0.1:1 is silent",
    );
  });
});
