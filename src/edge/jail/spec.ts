import type { SocketPolicy } from "./filter.ts";
import type { PathRule } from "./landlock.ts";

/**
 * The environment variable in which the launcher finds its spec; arguments could be read by every
 * process.
 */
export const specVariable = "BERTH_JAIL";

/**
 * What to do when this kernel cannot enforce all of it: refuse, or start and say what is not
 * enforced.
 */
export type JailMode = "enforce" | "best-effort";

/** Bounds of one child that the kernel holds; undefined leaves a bound as it is. */
export interface JailLimits {
  /** Open files. */
  openFiles?: number | undefined;
  /**
   * Processes and threads of this user, all bundles and Berth together; the kernel ignores it for
   * uid 0.
   */
  userTasks?: number | undefined;
  /** The largest file that may be written, in bytes. */
  fileBytes?: number | undefined;
}

/** Everything the launcher needs to jail and start one bundle. */
export interface JailSpec {
  executable: string;
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd: string;
  paths: readonly PathRule[];
  /** Whether refused reads are told. */
  tellReads: boolean;
  /** The folders of the bundle and of what it was granted: engines look for settings in those above. */
  places: readonly string[];
  connectPorts: readonly number[] | null;
  sockets: SocketPolicy;
  unixSockets: boolean;
  run: boolean;
  writeAnywhere: boolean;
  watch: boolean;
  /** The socket of the broker that answers the bundle's calls; null when there is none. */
  brokerPath: string | null;
  mode: JailMode;
  limits: JailLimits;
  /** The process that starts the launcher: the bundle dies with it. */
  parent: number;
}

/**
 * The exit codes of a launcher that could not start its bundle, with the reason in words. A bundle
 * may end with the same code by itself; the launcher also writes a line to stderr, which begins
 * with `berth jail:`.
 */
export const launchFailures = {
  spec: [112, "the launcher was started without a readable spec"],
  orphan: [113, "the runtime ended before the bundle started"],
  folder: [114, "the working folder cannot be entered"],
  limits: [115, "a resource limit cannot be set"],
  privileges: [116, "privileges cannot be given up"],
  landlock: [117, "the kernel refuses Landlock: paths and ports are not enforced"],
  broker: [118, "the socket broker cannot be reached"],
  seccomp: [119, "the kernel refuses the system-call filter"],
  execute: [126, "the program cannot be executed"],
} as const satisfies Record<string, readonly [exitCode: number, reason: string]>;

export type LaunchFailure = keyof typeof launchFailures;

/** The reason behind a launcher's exit code; undefined when the code is not one of its own. */
export function launchFailureReason(exitCode: number): string | undefined {
  return Object.values(launchFailures).find(([code]) => code === exitCode)?.[1];
}
