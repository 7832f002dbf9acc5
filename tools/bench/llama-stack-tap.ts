import { connect, createServer, type Socket } from "node:net";

/** What a server was asked since the last look. */
export interface TapFigures {
  /** From each request's last byte to its answer's last byte, all together, in milliseconds. */
  waitMs: number;
  /** Requests but GETs, which open a stream that nobody waits for. */
  requests: number;
}

/** A wire between a Llama Stack and an MCP server that takes the time. */
export interface Tap {
  /** Where the Llama Stack is sent instead of to the server. */
  url: string;
  /** The figures since the last look. */
  take(): TapFigures;
  stop(): void;
}

/** One connection: requests follow one another on it. */
interface Line {
  method: string;
  askedAtMs: number;
  /** 0 while there is no answer. */
  answeredAtMs: number;
}

/** Puts a tap in front of the server on a loopback port; `path` is where it answers. */
export async function openTap(port: number, path: string): Promise<Tap> {
  const wire = new Wire();
  const server = createServer({ noDelay: true }, (client) => {
    wire.join(client, connect({ host: "127.0.0.1", port, noDelay: true }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the tap has no port");
  return {
    url: `http://127.0.0.1:${address.port}${path}`,
    take: () => wire.take(),
    stop() {
      wire.cut();
      server.close();
    },
  };
}

/** The connections of one tap and what was seen on them. */
class Wire {
  readonly #lines = new Set<Line>();
  readonly #sockets = new Set<Socket>();
  #figures: TapFigures = { waitMs: 0, requests: 0 };

  join(client: Socket, upstream: Socket): void {
    const line: Line = { method: "", askedAtMs: 0, answeredAtMs: 0 };
    this.#lines.add(line);
    for (const socket of [client, upstream]) {
      this.#sockets.add(socket);
      // Either end may hang up; the other hears of it through the pipe.
      socket.on("error", () => socket.destroy());
      socket.on("close", () => this.#sockets.delete(socket));
    }
    client.on("data", (chunk: Buffer) => {
      this.#count(line);
      line.method ||= /^[A-Z]+/.exec(chunk.toString("latin1", 0, 8))?.[0] ?? "";
      line.askedAtMs = performance.now();
    });
    upstream.on("data", () => {
      line.answeredAtMs = performance.now();
    });
    client.on("close", () => {
      this.#count(line);
      this.#lines.delete(line);
    });
    client.pipe(upstream);
    upstream.pipe(client);
  }

  take(): TapFigures {
    for (const line of this.#lines) this.#count(line);
    const taken = this.#figures;
    this.#figures = { waitMs: 0, requests: 0 };
    return taken;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Takes the request that has been answered, if there is one. */
  #count(line: Line): void {
    if (line.answeredAtMs === 0) return;
    if (line.method === "POST" || line.method === "DELETE") {
      this.#figures.waitMs += line.answeredAtMs - line.askedAtMs;
      this.#figures.requests++;
    }
    line.answeredAtMs = 0;
    line.method = "";
  }
}
