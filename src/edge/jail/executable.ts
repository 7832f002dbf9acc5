import {
  accessSync,
  closeSync,
  constants,
  openSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { AppError } from "../../core/fault.ts";

/** A command as the kernel will execute it: scripts resolved to their interpreters. */
export interface Executable {
  /**
   * The file that is executed; its path as found, because some programs look beside the link they
   * were started by.
   */
  file: string;
  argv: readonly string[];
  /** Files that the kernel must be able to execute: the program and its ELF loader. */
  executed: readonly string[];
  /** Paths that it reads before its own code runs, such as an interpreter's library. */
  read: readonly string[];
}

/** A script may name a script as its interpreter; the kernel follows four. */
const interpreterDepthLimit = 4;
const headBytes = 4096;

/**
 * Finds a command's file and resolves `#!` lines here, because the jail lets the launcher execute
 * exactly one file.
 * @throws AppError `invalid_config` when there is no such program.
 */
export function resolveExecutable(
  command: string,
  args: readonly string[],
  options: { cwd: string; path: string },
): Executable {
  let file = findProgram(command, options);
  let argv: readonly string[] = [command, ...args];
  const read: string[] = [];
  for (let depth = 0; depth < interpreterDepthLimit; depth += 1) {
    const head = readHead(file);
    const script = readInterpreterLine(head);
    if (!script) return native(file, argv, { head, read });
    read.push(file);
    argv = [script.interpreter, ...script.args, file, ...argv.slice(1)];
    file = findProgram(script.interpreter, options);
  }
  throw notFound(command, "its interpreters form a loop");
}

/** The ELF loader that a binary names; undefined for a static one. */
export function elfLoader(head: Buffer): string | undefined {
  const isElf64 = head.length >= 64 && head.readUInt32BE(0) === 0x7f454c46 && head[4] === 2;
  if (!isElf64) return undefined;
  const offset = Number(head.readBigUInt64LE(32));
  const entryBytes = head.readUInt16LE(54);
  const count = head.readUInt16LE(56);
  for (let index = 0; index < count; index += 1) {
    const at = offset + index * entryBytes;
    if (at + 56 > head.length) return undefined;
    // PT_INTERP: p_type 3, p_offset at 8, p_filesz at 32.
    if (head.readUInt32LE(at) !== 3) continue;
    const start = Number(head.readBigUInt64LE(at + 8));
    const length = Number(head.readBigUInt64LE(at + 32));
    return head.toString("utf8", start, start + length).replace(/\0.*$/s, "");
  }
  return undefined;
}

/** The start of a file: enough for a `#!` line and the program headers. */
export function readHead(file: string): Buffer {
  const descriptor = openSync(file, "r");
  try {
    const head = Buffer.alloc(headBytes);
    return head.subarray(0, readSync(descriptor, head, 0, headBytes, 0));
  } finally {
    closeSync(descriptor);
  }
}

function native(
  file: string,
  argv: readonly string[],
  { head, read }: { head: Buffer; read: readonly string[] },
): Executable {
  const loader = elfLoader(head);
  const real = realpathSync(file);
  return {
    file,
    argv,
    executed: loader === undefined ? [real] : [real, loader],
    read: [...read, ...librariesOf(file), ...librariesOf(real)],
  };
}

/**
 * What lies beside `<prefix>/bin/<program>`: its libraries, and the marker of a Python environment.
 */
function librariesOf(file: string): string[] {
  const bin = dirname(file);
  if (basename(bin) !== "bin" && basename(bin) !== "sbin") return [];
  const prefix = dirname(bin);
  return ["lib", "lib64", "pyvenv.cfg"].map((name) => join(prefix, name));
}

function readInterpreterLine(head: Buffer): { interpreter: string; args: string[] } | undefined {
  const line = /^#![ \t]*([^\s]+)[ \t]*([^\r\n]*)/.exec(head.toString("utf8"));
  if (!line?.[1]) return undefined;
  const rest = (line[2] ?? "").trim();
  if (basename(line[1]) !== "env") return { interpreter: line[1], args: rest === "" ? [] : [rest] };
  // `env` would execute a second time: what it looks up is looked up here. -S splits its arguments.
  const words = rest.split(/\s+/).filter((word) => word !== "-S" && word !== "");
  const program = words.find((word) => !word.includes("=") && !word.startsWith("-"));
  if (program === undefined) return undefined;
  return { interpreter: program, args: words.slice(words.indexOf(program) + 1) };
}

function findProgram(command: string, options: { cwd: string; path: string }): string {
  const file = command.includes("/")
    ? resolve(options.cwd, command)
    : Bun.which(command, { PATH: options.path });
  if (!file || !isAbsolute(file)) throw notFound(command, "no such program on the PATH");
  try {
    accessSync(file, constants.X_OK);
    if (statSync(file).isFile()) return file;
  } catch {
    throw notFound(command, "no such program, or it is not executable");
  }
  throw notFound(command, "not a file");
}

function notFound(command: string, state: string): AppError {
  return new AppError("invalid_config", `Cannot start ${JSON.stringify(command)}: ${state}`, {
    hint: "Give the absolute path of an executable file, or a name on Berth's own PATH.",
  });
}
