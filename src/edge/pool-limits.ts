/** One child for all clients, or one for each session. */
export type PoolPolicy = "shared" | "per_session";

/** Every bound of a pool, with its unit. Zero switches a limit off where it says so. */
export interface PoolLimits {
  policy: PoolPolicy;
  /** The most children at once. While one takes another's place there may be one more. */
  childLimitCount: number;
  /** The most calls that one child works on at once; more wait. */
  concurrencyCount: number;
  /** The most calls that wait; one more is refused with 429. */
  queueLimitCount: number;
  /** How long a call may wait for its turn, in milliseconds; then it is refused with 429. */
  queueLimitMs: number;
  /**
   * How long a call may take, in milliseconds; then its caller is told, and the server is asked to stop. A child that does not
   * even answer a ping then is ended.
   */
  callLimitMs: number;
  /** How long a child may have nothing to do before it is stopped, in milliseconds; 0 is for ever. */
  idleLimitMs: number;
  /** How old a child may get before another takes its place, in milliseconds; 0 is any age. */
  lifeLimitMs: number;
  /** How many calls a child may answer before another takes its place; 0 is any number. */
  requestLimitCount: number;
  /** How much memory a child's process group may hold, in bytes; 0 is any. At 90 % another takes its place. */
  memoryLimitBytes: number;
  /** How many processes and threads a child's process group may have; 0 is any number. */
  taskLimitCount: number;
  /** How much a child may keep in its private folder, in bytes; a single file is cut there. */
  tempLimitBytes: number;
  /** How long a child may take to answer initialize, in milliseconds. */
  startLimitMs: number;
  /** How long the calls of a child that is to end may take, in milliseconds. */
  drainLimitMs: number;
  /** The longest line that a child may write, in bytes. */
  lineLimitBytes: number;
}

export const defaultLimits: PoolLimits = {
  policy: "shared",
  childLimitCount: 1,
  concurrencyCount: 100,
  queueLimitCount: 1000,
  queueLimitMs: 10_000,
  callLimitMs: 10 * 60 * 1000,
  idleLimitMs: 30 * 60 * 1000,
  lifeLimitMs: 0,
  requestLimitCount: 0,
  memoryLimitBytes: 2 * 1024 * 1024 * 1024,
  taskLimitCount: 1000,
  tempLimitBytes: 512 * 1024 * 1024,
  startLimitMs: 30_000,
  drainLimitMs: 15_000,
  lineLimitBytes: 10 * 1024 * 1024,
};

/** What differs where each session has a child of its own. */
export const sessionLimits: Partial<PoolLimits> = { childLimitCount: 32 };
