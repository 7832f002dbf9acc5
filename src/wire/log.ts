/** What the wire needs of a logger; pino's loggers fit. */
export interface WireLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const nothing = (): void => undefined;

/** Logs nothing. */
export const silentLog: WireLog = { debug: nothing, info: nothing, warn: nothing, error: nothing };
