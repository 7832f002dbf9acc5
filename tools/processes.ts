import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { endingWithOwner } from "../db/unprivileged.ts";
import { AppError } from "../src/core/fault.ts";

/** How long a program may take to become ready, in milliseconds. */
const readyLimitMs = 30_000;
/** How long a program may take to end after SIGTERM before it is killed, in milliseconds. */
const stopLimitMs = 8_000;

const root: string = join(import.meta.dir, "..");

/** A program that runs as a process of its own, as it would in production. */
export interface RunningProgram {
  name: string;
  url: string;
  process: ChildProcess;
  /** Settles when the process has ended. */
  ended: Promise<number | null>;
  stop(): Promise<void>;
}

export interface ProgramStart {
  name: string;
  /** The source file to run, from the repository's root. */
  entry: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** The address that it will answer on, and the path that answers 2xx once it is ready. */
  url: string;
  readyPath: string;
  /** Where its log lines go. */
  logFile: string;
}

/**
 * Starts a program from source and waits until it is ready.
 * @throws AppError `unavailable` with the end of its log when it ends or does not become ready.
 */
export async function startProgram(start: ProgramStart): Promise<RunningProgram> {
  const log = createWriteStream(start.logFile, { flags: "a" });
  const tail: string[] = [];
  const command = [process.execPath, "--no-env-file", join(root, start.entry), ...start.args];
  const [file = "", ...args] = endingWithOwner(command, "TERM");
  const child = spawn(file, args, {
    cwd: root,
    env: { ...ownEnvironment(), ...start.env },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: Ctrl-C reaches the owner, which ends its programs in order.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      log.write(chunk);
      // The readiness probes of this start would push what matters out of the tail.
      const lines = chunk
        .toString()
        .split("\n")
        .filter((line) => !line.includes('"msg":"request"'));
      tail.push(...lines.filter((line) => line !== ""));
      tail.splice(0, tail.length - 20);
    });
  }
  process.once("exit", () => child.kill("SIGTERM"));
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const running = { name: start.name, url: start.url, process: child, ended, stop };
  await untilReady(start, child, tail).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return running;

  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const limit = setTimeout(() => child.kill("SIGKILL"), stopLimitMs);
    await ended;
    clearTimeout(limit);
  }
}

/** What a program needs of its owner's environment: a stray DATABASE_URL or HOST must not reach it. */
function ownEnvironment(): Record<string, string> {
  const names = ["PATH", "HOME", "TMPDIR", "LANG", "TZ", "LOG_LEVEL"];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

async function untilReady(start: ProgramStart, child: ChildProcess, tail: string[]): Promise<void> {
  const deadline = Date.now() + readyLimitMs;
  while (Date.now() < deadline) {
    const ready = await fetch(start.url + start.readyPath).then(
      (response) => response.ok,
      () => false,
    );
    if (child.exitCode !== null || child.signalCode !== null) break;
    if (ready) return;
    await Bun.sleep(25);
  }
  const state = child.exitCode === null ? `not ready after ${readyLimitMs / 1000} s` : "it ended";
  throw new AppError("unavailable", `Cannot start ${start.name}: ${state}\n${tail.join("\n")}`, {
    hint: `Its log is ${start.logFile}.`,
  });
}
