import { existsSync } from "node:fs";
import { AppError } from "../../core/fault.ts";
import { basePaths } from "./base-paths.ts";
import { type Executable, elfLoader, readHead, resolveExecutable } from "./executable.ts";
import type { SocketPolicy } from "./filter.ts";
import type { PathRule } from "./landlock.ts";
import { connectPorts, type SocketOptions, socketPolicy } from "./socket-policy.ts";
import { type JailLimits, type JailMode, type JailSpec, specVariable } from "./spec.ts";
import { unenforced } from "./unenforced.ts";
import { userTaskLimit } from "./user-tasks.ts";

/** One bundle to be started in its jail. */
export interface JailOptions extends SocketOptions {
  /**
   * How this program's launcher is started, as in `["/usr/bin/berth", "jail"]`; it runs `launch()`.
   */
  launcher: readonly string[];
  command: string;
  args: readonly string[];
  cwd: string;
  /** The bundle's own files, which it may read; undefined for a plain command. */
  folder?: string | undefined;
  /** Private to this child, and its HOME and TMPDIR. */
  tempFolder: string;
  /** The child's whole environment; see `childEnvironment`. */
  env: Readonly<Record<string, string>>;
  /** Its permissions are normalised and effective; see `effectivePermissions`. */
  mode: JailMode;
  /** Whether refused reads are told. */
  tellReads?: boolean;
  limits: JailLimits & { tempBytes?: number | undefined };
  /** The folders in which the command and its interpreters are looked up. */
  path: string;
}

/** What to spawn, without a shell and with exactly this environment. */
export interface JailCommand {
  argv: string[];
  env: Record<string, string>;
  /**
   * Where to spawn it: the launcher enters the bundle's folder itself. Started there, an engine
   * would read `.env` and `bunfig.toml`, which are the bundle's code, before there is a jail.
   */
  cwd: string;
  /** What this kernel does not enforce of it, in words; empty when all of it is. */
  notEnforced: string[];
}

/**
 * Turns a bundle's command into the command of its launcher.
 * @throws AppError `unavailable` in mode `enforce` when this kernel cannot enforce all of it; `invalid_config` when the
 * program or a path to write is not there.
 */
export function jailCommand(options: JailOptions): JailCommand {
  const notEnforced = unenforced(options);
  if (notEnforced.length > 0 && options.mode === "enforce") throw cannotEnforce(notEnforced);
  const executable = resolveExecutable(options.command, options.args, options);
  if (process.platform !== "linux") {
    return {
      argv: [executable.file, ...executable.argv.slice(1)],
      env: { ...options.env },
      cwd: options.cwd,
      notEnforced,
    };
  }
  const spec = jailSpec(options, executable);
  return {
    argv: [...options.launcher],
    env: { [specVariable]: JSON.stringify(spec) },
    cwd: "/",
    notEnforced,
  };
}

function jailSpec(options: JailOptions, executable: Executable): JailSpec {
  const { permissions, limits } = options;
  const sockets = socketPolicy(options);
  const { read, write, run } = permissions;
  const writesNothing = write.allow !== true && write.allow.length === 0;
  return {
    executable: executable.file,
    argv: executable.argv,
    env: options.env,
    cwd: options.cwd,
    paths: pathRules(options, executable, sockets),
    tellReads: options.tellReads ?? true,
    places: [
      options.cwd,
      ...[read.allow, write.allow].flatMap((list) => (list === true ? [] : list)),
    ],
    connectPorts: connectPorts(options),
    sockets,
    unixSockets: sockets === "open" && read.allow === true && write.allow === true,
    run: run.allow === true || run.allow.length > 0,
    writeAnywhere: write.allow === true,
    watch: read.allow === true || read.allow.length > 0 || !writesNothing,
    brokerPath: options.support.broker ? (options.brokerPath ?? null) : null,
    mode: options.mode,
    limits: {
      openFiles: limits.openFiles,
      userTasks: limits.userTasks ?? userTaskLimit(),
      // The bound of a file holds wherever it is: with a folder to write to, files there are the
      // operator's business.
      fileBytes: limits.fileBytes ?? (writesNothing ? limits.tempBytes : undefined),
    },
    parent: process.pid,
  };
}

function pathRules(
  options: JailOptions,
  executable: Executable,
  sockets: SocketPolicy,
): PathRule[] {
  const { read, write, run } = options.permissions;
  const rules = (paths: true | readonly string[], access: PathRule["access"]): PathRule[] =>
    (paths === true ? ["/"] : paths).map((path) => ({ path, access }));
  if (write.allow !== true) requirePaths(write.allow);
  return [
    ...basePaths({ resolvesNames: sockets === "open" }),
    ...rules(executable.executed, ["run"]),
    ...rules(executable.read, ["read"]),
    ...rules(options.folder === undefined ? [] : [options.folder], ["read"]),
    ...rules([options.tempFolder], ["read", "write"]),
    ...rules(read.allow, ["read"]),
    ...rules(write.allow, ["write"]),
    ...rules(run.allow === true ? true : run.allow.flatMap(executedFiles), ["run"]),
  ];
}

/** A program that may be run, and its loader or the interpreter of its first line. */
function executedFiles(program: string): string[] {
  if (!existsSync(program)) return [];
  const loader = elfLoader(readHead(program));
  if (loader !== undefined) return [program, loader];
  const { executed, file } = resolveExecutable(program, [], { cwd: "/", path: "/usr/bin:/bin" });
  return [program, file, ...executed];
}

/** Landlock attaches rights to files that exist: one that does not would silently stay closed. */
function requirePaths(paths: readonly string[]): void {
  const missing = paths.find((path) => !existsSync(path));
  if (missing === undefined) return;
  throw new AppError("invalid_config", `Cannot grant writing to "${missing}": it does not exist`, {
    hint: "Create it first, or grant the folder in which it will be made.",
  });
}

function cannotEnforce(notEnforced: readonly string[]): AppError {
  return new AppError("unavailable", `Cannot start in mode "enforce": ${notEnforced.join("; ")}`, {
    hint: 'See what this kernel has with "berth doctor", or choose mode "best-effort".',
    detail: { notEnforced },
  });
}
