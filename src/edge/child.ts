import type { Subprocess } from "bun";
import { AppError } from "../core/fault.ts";
import type { Channel } from "../wire/channel.ts";
import { readDropped } from "../wire/dropped-line.ts";
import { LineFramer, lineLimitBytes } from "../wire/frame.ts";
import type { Message } from "../wire/message.ts";
import { parseBytes } from "../wire/parse.ts";
import { ChildInput } from "./child-input.ts";
import { endGroup, settlesWithin, signalGroup } from "./process-group.ts";
import { StderrRing } from "./stderr-ring.ts";

/** How long output may still come after the process has exited, in milliseconds: the pipe holds what it wrote last. */
const lastWordsLimitMs = 200;

/** How far back what a child said last is looked for, in lines of stderr. */
const lastLineCount = 20;
/**
 * What stands below an error: where it happened, the members of the error, the engine's version, and what servers of ours
 * advise.
 */
const belowError = /^\s*at |^(Bun|Node\.js) v\d|^ +\w+: .*$|^\s*[\]})]+$|^hint: /;

/** What to start, and the bounds of what it writes. */
export interface ChildOptions {
  /** Program and arguments; no shell reads them. */
  argv: readonly string[];
  /** The whole environment: nothing is inherited. */
  env: Readonly<Record<string, string>>;
  cwd: string;
  lineLimitBytes?: number | undefined;
  /** Called for each line of stderr. */
  onStderr?: (line: string) => void;
}

/** A stdio MCP server in a process group of its own, as a channel. Its life depends on no client. */
export class Child implements Channel {
  onMessage: Channel["onMessage"] = () => undefined;
  onClose: Channel["onClose"] = () => undefined;
  /** An answer that was too long to read, by the id of its request. */
  onDropped: (id: number | undefined, limitBytes: number) => void = () => undefined;
  /** Lines of stdout that were no JSON-RPC. */
  noiseCount = 0;
  /** Length of the message that was sent or read last. */
  lastBytes = 0;
  readonly startedAtMs: number = performance.now();
  readonly pid: number;
  readonly #spawned: Subprocess<"pipe", "pipe", "pipe">;
  readonly #input: ChildInput;
  readonly #stderr: StderrRing;
  #closing: Promise<void> | undefined;
  #endReason: string | undefined;

  /** @throws AppError `unavailable` when the program cannot be started. */
  constructor(options: ChildOptions) {
    this.#spawned = spawn(options);
    this.pid = this.#spawned.pid;
    this.#input = new ChildInput(this.#spawned.stdin);
    this.#stderr = new StderrRing(options.onStderr ?? (() => undefined));
    const output = this.#readOutput(options.lineLimitBytes);
    // Without stdout it can answer nothing; what is left of it only holds memory.
    void output.then(() => {
      setTimeout(() => {
        if (!this.#spawned.killed) this.kill("it closed its stdout");
      }, lastWordsLimitMs).unref();
    });
    void this.#watch(Promise.all([output, this.#readStderr()]));
  }

  /** Whether it does not read what it is sent. */
  get isFull(): boolean {
    return this.#input.isFull;
  }

  /** The last lines of stderr, for a crash report. */
  tailStderr(count: number): readonly string[] {
    return this.#stderr.tail(count);
  }

  send(message: Message): void {
    this.lastBytes = this.#input.write(JSON.stringify(message));
  }

  /** Ends stdin, waits, then SIGTERM and SIGKILL to the whole group. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Ends the whole group at once. */
  kill(reason: string): void {
    this.#endReason ??= reason;
    signalGroup(this.pid, "SIGKILL");
  }

  async #close(): Promise<void> {
    this.#endReason ??= "it was stopped";
    this.#input.end();
    await endGroup(this.pid, this.#spawned.exited);
  }

  async #readOutput(limitBytes: number = lineLimitBytes): Promise<void> {
    const framer = new LineFramer(
      {
        onLine: (line) => this.#receive(line),
        onDropped: (head, tail) => {
          const { id } = readDropped(head, tail);
          this.onDropped(typeof id === "number" ? id : undefined, limitBytes);
        },
      },
      limitBytes,
    );
    await readAll(this.#spawned.stdout, (chunk) => framer.push(chunk));
    framer.end();
  }

  async #readStderr(): Promise<void> {
    await readAll(this.#spawned.stderr, (chunk) => this.#stderr.push(chunk));
    this.#stderr.end();
  }

  #receive(line: Uint8Array): void {
    const parsed = parseBytes(line);
    this.lastBytes = line.length;
    if (parsed.kind === "message") this.onMessage(parsed.message);
    else if (parsed.kind === "batch") {
      for (const message of parsed.messages) this.onMessage(message);
      this.noiseCount += parsed.refused.length;
    } else this.noiseCount++;
  }

  /** Reports the end once, when the process has exited and what it wrote before is read. */
  async #watch(heard: Promise<unknown>): Promise<void> {
    await this.#spawned.exited;
    await settlesWithin(heard, lastWordsLimitMs);
    // Grandchildren may have outlived it.
    signalGroup(this.pid, "SIGKILL");
    this.onClose(this.#endReason ?? this.#exitInWords());
  }

  #exitInWords(): string {
    const { signalCode, exitCode } = this.#spawned;
    const how = signalCode ? `it was ended by ${signalCode}` : `it exited with code ${exitCode}`;
    const lines = this.tailStderr(lastLineCount).filter((line) => line.trim() !== "");
    const said = lines.findLast((line) => !belowError.test(line)) ?? lines.at(-1);
    const last = said?.trim().slice(0, 300);
    return last ? `${how}; its last words: ${last}` : how;
  }
}

function spawn(options: ChildOptions): Subprocess<"pipe", "pipe", "pipe"> {
  const { argv, env, cwd } = options;
  try {
    return Bun.spawn([...argv], {
      cwd,
      env: { ...env },
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
      // A session and group of its own: signals to the terminal's group miss it, ours reach all of it.
      detached: true,
    });
  } catch (error) {
    const state = error instanceof Error ? error.message : String(error);
    throw new AppError("unavailable", `Cannot start ${JSON.stringify(argv[0])}: ${state}`, {
      hint: "Check that the command exists and may be executed.",
      cause: error,
    });
  }
}

async function readAll(
  stream: ReadableStream<Uint8Array>,
  take: (chunk: Uint8Array) => void,
): Promise<void> {
  const reader = stream.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    take(value);
  }
}
