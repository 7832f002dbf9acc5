/**
 * The load generator, run as a process of its own: `bun load.ts '<LoadPlan as JSON>'` prints a LoadResult.
 *
 * Why not wrk or autocannon: every answer is checked here (status and content), a soak needs an exact number of calls, and a
 * clone needs nothing beside Bun. Raw sockets and bytes keep it cheap; docs/perf-notes.md has its ceiling beside wrk's.
 */

import { forConnection, Template } from "./template.ts";

/** What to send, how hard and for how long. */
export interface LoadPlan {
  url: string;
  method: "GET" | "POST";
  headers: Readonly<Record<string, string>>;
  /**
   * `"$connection"` with its quotes stands for the connection's number: ids in one session must differ. `$connection`
   * in a text stands for it in 3 digits, `$call` for the number of the connection's calls in 7.
   */
  body?: string;
  /** Texts that a right answer holds, with the same places; an answer without them is an error. */
  expected: string | readonly string[];
  /** The session of each connection, where each has its own. */
  sessions?: readonly string[];
  /** Connections, each with one request in flight: a closed loop. */
  connections: number;
  /** How long to send, in milliseconds; or how many requests. The first bound that is reached ends the run. */
  durationMs: number;
  requests?: number;
}

export interface LoadResult {
  requests: number;
  errors: number;
  /** The beginning of the first wrong answer. */
  firstError?: string;
  elapsedMs: number;
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

/** The resolution of the latency histogram, in microseconds, and its last bucket: 2 s. */
const bucketUs = 10;
const bucketCount = 200_000;
/** How long an answer may take before the run is given up, in milliseconds. */
const silenceLimitMs = 30_000;

const headEnd = Buffer.from("\r\n\r\n");
const lastChunk = Buffer.from("0\r\n\r\n");

/** One connection: its request in flight and the part of its answer that has come. */
interface Line {
  request: Template;
  expected: readonly Template[];
  /** How many calls it has made. */
  calls: number;
  sentAtMs: number;
  received: Buffer | undefined;
}

class Load {
  readonly #plan: LoadPlan;
  readonly #latencies = new Uint32Array(bucketCount);
  readonly #done = Promise.withResolvers<void>();
  #startedAtMs = 0;
  #lastAnswerAtMs = 0;
  #sent = 0;
  #answered = 0;
  #open = 0;
  #errors = 0;
  #firstError: string | undefined;

  constructor(plan: LoadPlan) {
    this.#plan = plan;
  }

  async run(): Promise<LoadResult> {
    const { hostname, port } = new URL(this.#plan.url);
    this.#startedAtMs = performance.now();
    const connecting = Array.from({ length: this.#plan.connections }, (_, index) =>
      Bun.connect<Line>({
        hostname,
        port: Number(port),
        data: openLine(this.#plan, index),
        socket: {
          open: (socket) => {
            this.#open++;
            this.#send(socket);
          },
          data: (socket, chunk) => this.#receive(socket, chunk),
          close: (socket) => this.#closed(socket),
          error: (_socket, error) => this.#fail(error.message),
        },
      }),
    );
    await Promise.all(connecting);
    const watch = setInterval(() => this.#giveUpWhenSilent(), 1000);
    await this.#done.promise;
    clearInterval(watch);
    return this.#result();
  }

  #send(socket: Bun.Socket<Line>): void {
    const now = performance.now();
    const { durationMs, requests = Number.POSITIVE_INFINITY } = this.#plan;
    if (now - this.#startedAtMs >= durationMs || this.#sent >= requests) {
      socket.data.sentAtMs = 0;
      socket.end();
      return;
    }
    this.#sent++;
    socket.data.sentAtMs = now;
    socket.write(socket.data.request.of(++socket.data.calls));
  }

  #receive(socket: Bun.Socket<Line>, chunk: Buffer): void {
    const line = socket.data;
    const answer = line.received === undefined ? chunk : Buffer.concat([line.received, chunk]);
    if (!isComplete(answer)) {
      // The socket reuses its buffer.
      line.received = Buffer.from(answer);
      return;
    }
    line.received = undefined;
    this.#lastAnswerAtMs = performance.now();
    const bucket = Math.floor(((this.#lastAnswerAtMs - line.sentAtMs) * 1000) / bucketUs);
    const index = Math.min(bucket, bucketCount - 1);
    this.#latencies[index] = (this.#latencies[index] ?? 0) + 1;
    this.#answered++;
    const isRight = line.expected.every((one) => answer.includes(one.of(line.calls)));
    if (!isStatus200(answer) || !isRight) this.#fail(answer.toString());
    this.#send(socket);
  }

  #closed(socket: Bun.Socket<Line>): void {
    if (socket.data.sentAtMs !== 0) this.#fail("the server closed the connection");
    this.#open--;
    if (this.#open === 0) this.#done.resolve();
  }

  #fail(text: string): void {
    this.#errors++;
    this.#firstError ??= text.slice(0, 500);
  }

  #giveUpWhenSilent(): void {
    const last = Math.max(this.#lastAnswerAtMs, this.#startedAtMs);
    if (performance.now() - last < silenceLimitMs) return;
    this.#fail(`no answer for ${silenceLimitMs} ms`);
    this.#done.resolve();
  }

  #result(): LoadResult {
    const elapsedMs = this.#lastAnswerAtMs - this.#startedAtMs;
    return {
      requests: this.#answered,
      errors: this.#errors,
      ...(this.#firstError !== undefined && { firstError: this.#firstError }),
      elapsedMs,
      requestsPerSecond: this.#answered / (elapsedMs / 1000),
      p50Ms: this.#quantileMs(0.5),
      p99Ms: this.#quantileMs(0.99),
      maxMs: this.#quantileMs(1),
    };
  }

  #quantileMs(share: number): number {
    const wanted = Math.ceil(this.#answered * share);
    let seen = 0;
    for (let index = 0; index < bucketCount; index++) {
      seen += this.#latencies[index] ?? 0;
      if (seen >= wanted) return ((index + 1) * bucketUs) / 1000;
    }
    return (bucketCount * bucketUs) / 1000;
  }
}

function openLine(plan: LoadPlan, connection: number): Line {
  const expected = [plan.expected].flat();
  return {
    request: new Template(requestText(plan, connection)),
    expected: expected.map((text) => new Template(forConnection(text, connection))),
    calls: 0,
    sentAtMs: 0,
    received: undefined,
  };
}

function requestText({ url, method, headers, ...plan }: LoadPlan, connection: number): string {
  const { host, pathname, search } = new URL(url);
  const body = forConnection(plan.body ?? "", connection);
  const session = plan.sessions?.[connection];
  const lines = Object.entries({
    host,
    ...headers,
    ...(session !== undefined && { "mcp-session-id": session }),
    ...(body !== "" && { "content-length": `${new Template(body).bytes.length}` }),
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${pathname}${search} HTTP/1.1\r\n${lines.join("")}\r\n${body}`;
}

/** One request is in flight, so nothing follows an answer. */
function isComplete(answer: Buffer): boolean {
  const end = answer.indexOf(headEnd);
  if (end === -1) return false;
  const head = answer.toString("latin1", 0, end);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return answer.length >= end + 4 + Number(length);
  return answer.subarray(-lastChunk.length).equals(lastChunk);
}

function isStatus200(answer: Buffer): boolean {
  return answer[9] === 0x32 && answer[10] === 0x30 && answer[11] === 0x30;
}

if (import.meta.main) {
  const plan: LoadPlan = JSON.parse(process.argv[2] ?? "");
  console.log(JSON.stringify(await new Load(plan).run()));
  process.exit();
}
