import pino from "pino";

/** The structured logger that every part is handed; one JSON object a line. */
export type Logger = pino.Logger;

/** The levels that LOG_LEVEL accepts, from the most talkative to none. */
export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * Opens a logger that writes JSON lines to stderr: stdout belongs to the protocol.
 * Times are ISO 8601 in UTC. Callers log ids and counts, never names, addresses or bodies.
 */
export function createLogger(name: string, level: LogLevel = "info"): Logger {
  return pino(
    { name, level, timestamp: pino.stdTimeFunctions.isoTime, base: { pid: process.pid } },
    pino.destination({ fd: 2, sync: true }),
  );
}
