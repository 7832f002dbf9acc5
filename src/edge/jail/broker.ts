import { join } from "node:path";
import { AppError } from "../../core/fault.ts";
import { LineFramer } from "../../wire/frame.ts";
import { socketPathLimitBytes } from "./broker-client.ts";
import type { Reported } from "./report.ts";

/** How long the broker may take until it listens, in milliseconds; it takes about 20. */
const startLimitMs = 10_000;

/**
 * The process that makes the sockets of bundles with a host list, and tells what the jails refuse; see
 * `broker-loop.ts`.
 */
export interface Broker {
  /** Handed to `jailCommand`. */
  path: string;
  /**
   * Settles when it has ended. The bundles that it served can make no socket any more: open another
   * and start them again.
   */
  ended: Promise<number>;
  close(): Promise<void>;
}

/**
 * Opens the broker; one serves all bundles.
 * @param folder A folder that only this user may enter, with a short path: the name of a socket has 107 bytes.
 * @param onReport Called for each different refusal of a child, and when it has ended.
 */
export async function openBroker(
  launcher: readonly string[],
  folder: string,
  onReport: (reported: Reported) => void = () => undefined,
): Promise<Broker> {
  const path = brokerPath(folder);
  if (Buffer.byteLength(path) > socketPathLimitBytes) {
    throw new AppError(
      "invalid_config",
      `Cannot listen at "${path}": the name of a socket has ${socketPathLimitBytes} bytes at most`,
      { hint: "Set TMPDIR to a folder with a shorter path." },
    );
  }
  const child = Bun.spawn([...launcher, "sockets", path], {
    env: {},
    cwd: "/",
    stdio: ["ignore", "pipe", "inherit"],
    // Ctrl-C goes to the whole group of the terminal: Berth ends the broker after the bundles, and it dies with Berth.
    detached: true,
  });
  const limit = setTimeout(() => child.kill("SIGKILL"), startLimitMs);
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  clearTimeout(limit);
  if (!value) {
    throw new AppError(
      "unavailable",
      `Cannot start the socket broker: it ended before it listened`,
      {
        hint: "Its reason is on stderr; the path of the run-time folder may be too long.",
      },
    );
  }
  void readReports(reader, onReport);
  return {
    path,
    ended: child.exited,
    close: async () => {
      child.kill("SIGKILL");
      await child.exited;
      await Bun.file(path).delete();
    },
  };
}

/** Where the broker of a run-time folder listens, once it does. */
export function brokerPath(folder: string): string {
  return join(folder, `sockets-${process.pid}`);
}

async function readReports(
  reader: { read(): Promise<{ value?: Uint8Array | undefined; done: boolean }> },
  onReport: (reported: Reported) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  const framer = new LineFramer({
    // Written by this same program.
    onLine: (line) => onReport(JSON.parse(decoder.decode(line)) as Reported),
  });
  for (;;) {
    const { value, done } = await reader.read();
    if (done || value === undefined) return;
    framer.push(value);
  }
}
