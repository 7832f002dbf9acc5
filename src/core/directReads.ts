import type { Socket } from "bun";
import { type DirectAnswer, type Received, takeAnswer } from "./directAnswer.ts";

/** The most connections to one service; further reads go through fetch, which has a queue. */
const connectionLimitCount = 256;
/** How long a connection may be idle and still be used, in milliseconds; servers close theirs after 5 s or more. */
const idleLimitMs = 4_000;
/** How long fetch is used after an answer of another form than the plain one, in milliseconds. */
const detourMs = 60_000;

/** Paths and header values that need no encoding and that no parser resolves to something else. */
const plainPath = /^\/[\w\-.~%!$&'()*+,;=:@/?]*$/;
const dotSegment = /\/\.{1,2}(?:[/?]|$)/;
const plainValue = /^[\x20-\x7e]*$/;

/** A read under way on one connection. */
interface Read extends Received {
  request: string;
  settle(answer: DirectAnswer | undefined): void;
}

/** A kept connection: at work for one read, or idle. */
interface Line {
  read: Read | undefined;
  idleSinceMs: number;
}

/**
 * Reads of one http:// service on this thread's own connections. Bun's fetch hands every request to another thread and
 * back, which takes longer than all the rest of a tool call. Only the plainest exchange is done here: whatever is out
 * of the ordinary is left to fetch, which may repeat a read because reads change nothing.
 */
export class DirectReads {
  readonly #hostname: string;
  readonly #port: number;
  readonly #start: string;
  readonly #host: string;
  readonly #limitBytes: number;
  readonly #idle: Socket<Line>[] = [];
  #openCount = 0;
  #detourUntilMs = 0;

  /** Undefined when the address asks for more than plain HTTP. */
  static open(baseUrl: string, limitBytes: number): DirectReads | undefined {
    const url = new URL(baseUrl);
    const isPlain = url.protocol === "http:" && url.username === "" && url.password === "";
    return isPlain && url.search === "" && url.hash === ""
      ? new DirectReads(url, limitBytes)
      : undefined;
  }

  private constructor(url: URL, limitBytes: number) {
    this.#limitBytes = limitBytes;
    this.#hostname = url.hostname.replace(/^\[(.*)\]$/, "$1");
    this.#port = Number(url.port || 80);
    this.#start = url.pathname.replace(/\/$/, "");
    this.#host = url.host;
  }

  /** Reads once. Undefined means: not here, ask fetch. Rejects only when `signal` is aborted. */
  get(
    path: string,
    headers: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<DirectAnswer | undefined> | undefined {
    const request = this.#requestText(this.#start + path, headers);
    if (request === undefined || performance.now() < this.#detourUntilMs) return undefined;
    if (signal?.aborted) return Promise.reject(signal.reason);
    return this.#exchange(request, signal);
  }

  #requestText(path: string, headers: Readonly<Record<string, string>>): string | undefined {
    if (!plainPath.test(path) || dotSegment.test(path)) return undefined;
    let text = `GET ${path} HTTP/1.1\r\nhost: ${this.#host}\r\n`;
    for (const name in headers) {
      const value = headers[name] ?? "";
      if (!plainValue.test(value)) return undefined;
      text += `${name}: ${value}\r\n`;
    }
    return `${text}\r\n`;
  }

  #exchange(request: string, signal?: AbortSignal): Promise<DirectAnswer | undefined> {
    return new Promise((resolve, reject) => {
      let line: Socket<Line> | undefined;
      const onAbort = () => {
        if (line) this.#drop(line);
        read.settle(undefined);
        reject(signal?.reason);
      };
      const read: Read = {
        request,
        parts: [],
        receivedBytes: 0,
        wantedBytes: undefined,
        settle(answer) {
          signal?.removeEventListener("abort", onAbort);
          // After an abort the promise has been rejected and this does nothing.
          if (!signal?.aborted) resolve(answer);
        },
      };
      signal?.addEventListener("abort", onAbort);
      this.#lineFor(read, (taken) => {
        line = taken;
      });
    });
  }

  #lineFor(read: Read, onTaken: (line: Socket<Line>) => void): void {
    const line = this.#takeIdle();
    if (line !== undefined) {
      onTaken(line);
      line.data.read = read;
      this.#write(line, read);
    } else if (this.#openCount >= connectionLimitCount) read.settle(undefined);
    else this.#connect(read, onTaken);
  }

  #takeIdle(): Socket<Line> | undefined {
    const line = this.#idle.pop();
    if (line === undefined || performance.now() - line.data.idleSinceMs < idleLimitMs) return line;
    // The newest is too old, so all are.
    for (const old of [line, ...this.#idle.splice(0)]) this.#drop(old);
    return undefined;
  }

  #connect(read: Read, onTaken: (line: Socket<Line>) => void): void {
    this.#openCount++;
    Bun.connect<Line>({
      hostname: this.#hostname,
      port: this.#port,
      data: { read, idleSinceMs: 0 },
      socket: {
        open: (line) => {
          // An idle connection must not keep the process alive; a read under way has its caller's timer for that.
          line.unref();
          onTaken(line);
          this.#write(line, read);
        },
        data: (line, chunk) => this.#receive(line, chunk),
        close: (line) => this.#closed(line),
        error: (line) => this.#drop(line),
      },
    }).catch(() => {
      this.#openCount--;
      read.settle(undefined);
    });
  }

  /** A request that does not fit into the socket's buffer at once is not a plain one. */
  #write(line: Socket<Line>, read: Read): void {
    if (line.write(read.request) !== read.request.length) this.#drop(line);
  }

  #receive(line: Socket<Line>, chunk: Buffer): void {
    const { read } = line.data;
    // Nobody asked: whatever has come, the connection is of no use.
    const answer = read === undefined ? "other" : takeAnswer(read, chunk, this.#limitBytes);
    if (answer === "incomplete") return;
    if (read === undefined || answer === "other") {
      this.#detourUntilMs = performance.now() + detourMs;
      this.#drop(line);
      return;
    }
    line.data.read = undefined;
    line.data.idleSinceMs = performance.now();
    this.#idle.push(line);
    read.settle(answer);
  }

  #drop(line: Socket<Line>): void {
    line.terminate();
  }

  #closed(line: Socket<Line>): void {
    this.#openCount--;
    const index = this.#idle.indexOf(line);
    if (index !== -1) this.#idle.splice(index, 1);
    line.data.read?.settle(undefined);
  }
}
