import { afterEach, describe, expect, test } from "bun:test";
import type { Socket, TCPSocketListener } from "bun";
import { DirectReads } from "./directReads.ts";

/** A service that answers each request with the given pieces of text, one write a piece. */
let listener: TCPSocketListener<undefined> | undefined;
const asked: string[] = [];
let openedCount = 0;

function answerWith(...pieces: string[]): DirectReads {
  asked.length = 0;
  openedCount = 0;
  listener = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open: () => {
        openedCount++;
      },
      data: async (socket, request) => {
        asked.push(request.toString());
        await writeAll(socket, pieces);
      },
    },
  });
  const reads = DirectReads.open(`http://127.0.0.1:${listener.port}/base/`, 1_000_000);
  if (reads === undefined) throw new Error("a plain address");
  return reads;
}

async function writeAll(socket: Socket<undefined>, pieces: readonly string[]): Promise<void> {
  for (const piece of pieces) {
    if (piece === "CLOSE") socket.end();
    else socket.write(piece);
    socket.flush();
    // Lets the piece leave as a packet of its own.
    await Bun.sleep(2);
  }
}

afterEach(() => listener?.stop(true));

const plain = 'HTTP/1.1 200 OK\r\nContent-Length: 8\r\nX-Total-Count: 3\r\n\r\n{"é":1}';

describe("a direct read", () => {
  test("sends the request and returns status, text and headers", async () => {
    const answer = await answerWith(plain).get("/a?b=c%20d", { accept: "application/json" });
    expect(asked).toEqual([
      `GET /base/a?b=c%20d HTTP/1.1\r\nhost: 127.0.0.1:${listener?.port}\r\naccept: application/json\r\n\r\n`,
    ]);
    expect([answer?.status, answer?.text, answer?.headers.get("x-total-count")]).toEqual([
      200,
      '{"é":1}',
      "3",
    ]);
  });

  test("uses one connection for reads that follow each other", async () => {
    const reads = answerWith(plain);
    for (let count = 0; count < 5; count++) await reads.get("/a", {});
    expect([asked.length, openedCount]).toEqual([5, 1]);
  });

  test("puts an answer together that comes in pieces", async () => {
    const pieces = ["HTTP/1.1 404 Not Fou", "nd\r\ncontent-length: 8\r\n\r", "\n1234", "5678"];
    const answer = await answerWith(...pieces).get("/a", {});
    expect([answer?.status, answer?.text]).toEqual([404, "12345678"]);
  });

  test.each([
    ["chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n1\r\n0\r\n\r\n"],
    ["a redirect", "HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"],
    [
      "a compressed body",
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\n1",
    ],
    ["no length", "HTTP/1.1 200 OK\r\n\r\n1"],
    ["more than its length", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n12"],
    ["more than the limit", "HTTP/1.1 200 OK\r\nContent-Length: 1000001\r\n\r\n1"],
    ["a closing server", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n1"],
    ["an interim answer", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"],
    ["something else than HTTP", `SSH-2.0-${"x".repeat(20_000)}`],
  ])("leaves %s to fetch, for a while", async (_form, answer) => {
    const reads = answerWith(answer);
    expect(await reads.get("/a", {})).toBeUndefined();
    expect(await reads.get("/a", {})).toBeUndefined();
    expect(asked.length).toBe(1);
  });

  test.each([
    ["before", ["CLOSE"]],
    ["within", [plain.slice(0, 30), "CLOSE"]],
  ])("leaves a connection that closes %s the answer to fetch", async (_when, pieces) => {
    expect(await answerWith(...pieces).get("/a", {})).toBeUndefined();
  });

  test("leaves a service that does not listen to fetch", async () => {
    const reads = DirectReads.open("http://127.0.0.1:1", 1000);
    expect(await reads?.get("/a", {})).toBeUndefined();
  });

  test.each(["/a b", "/a\r\nx: y", "/a/../b", "/a/..", "/./a", "/a#b", "/é"])(
    "leaves the path %j to fetch",
    async (path) => {
      expect(await answerWith(plain).get(path, {})).toBeUndefined();
      expect(asked).toEqual([]);
    },
  );

  test.each(["a\r\nb: c", "é", "\u0000"])("leaves the header value %j to fetch", async (value) => {
    expect(await answerWith(plain).get("/a", { "x-request-id": value })).toBeUndefined();
    expect(asked).toEqual([]);
  });

  test("ends with its signal, while it waits and before it starts", async () => {
    const reads = answerWith("HTTP/1.1 200 OK\r\n");
    const controller = new AbortController();
    const read = reads.get("/a", {}, controller.signal);
    while (asked.length === 0) await Bun.sleep(1);
    controller.abort(new Error("enough"));
    expect(read).rejects.toThrow("enough");
    expect(reads.get("/a", {}, controller.signal)).rejects.toThrow("enough");
  });
});

test.each(["https://127.0.0.1", "http://user:word@127.0.0.1", "http://127.0.0.1/?a=b"])(
  "%s is not read directly",
  (url) => {
    expect(DirectReads.open(url, 1000)).toBeUndefined();
  },
);
