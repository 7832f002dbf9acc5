import pino from "pino";

/** The structured logger that every part is handed; one JSON object a line. */
export type Logger = pino.Logger;

/** The levels that LOG_LEVEL accepts, from the most talkative to none. */
export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** How much is gathered before it is written within a turn of the event loop, in bytes: what a pipe holds. */
const gatheredLimitBytes = 64 * 1024;

/**
 * Opens a logger that writes JSON lines to stderr: stdout belongs to the protocol.
 * Times are ISO 8601 in UTC. Callers log ids and counts, never names, addresses or bodies.
 */
export function createLogger(name: string, level: LogLevel = "info"): Logger {
  const options = { name, level, timestamp: pino.stdTimeFunctions.isoTime };
  stderr ??= openStderr();
  return pino({ ...options, base: { pid: process.pid } }, stderr);
}

/** All loggers of the process write to its one stderr. */
let stderr: ReturnType<typeof openStderr> | undefined;

/**
 * Writes the lines of one turn of the event loop together, when the turn ends: a write for each line costs more than
 * making it. Nothing is lost when the process exits or dies of an error; a signal that ends it at once takes the lines of its last
 * turn along.
 */
function openStderr(): { write(line: string): void; flushSync(): void } {
  const destination = pino.destination({
    fd: 2,
    sync: true,
    minLength: gatheredLimitBytes,
    maxWrite: 2 * gatheredLimitBytes,
  });
  let isWaiting = false;
  const flush = () => {
    isWaiting = false;
    destination.flushSync();
  };
  process.on("exit", flush);
  process.on("uncaughtExceptionMonitor", flush);
  return {
    write(line) {
      destination.write(line);
      if (isWaiting) return;
      isWaiting = true;
      setImmediate(flush);
    },
    flushSync: flush,
  };
}
