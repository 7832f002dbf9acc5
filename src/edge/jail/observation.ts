import { readMemory, readPath, type WaitingCall } from "./notification.ts";
import { openFlags, pathCalls } from "./report-policy.ts";
import type { SyscallName } from "./syscalls.ts";

/**
 * What a call asks for, read while its caller waits. Another thread of the caller may change its
 * memory between this and the kernel's own reading: it is good for a log, and never decides.
 */
export interface Observation {
  name: SyscallName;
  thread: number;
  args: readonly bigint[];
  /** The paths in the order of the call's entries in `pathCalls`, or the one that is executed. */
  paths: readonly (string | undefined)[];
  /** The flags of a call that opens a file. */
  flags: number;
  /** The `sockaddr` of `connect`. */
  address: Uint8Array;
}

const sockaddrBytes = 16;
const nothing = new Uint8Array();

export function observe({ thread, args }: WaitingCall, name: SyscallName): Observation {
  const argument = (index: number): bigint => args[index] ?? 0n;
  const seen = { name, thread, args, flags: 0, address: nothing };
  if (name === "connect") {
    return { ...seen, paths: [], address: readMemory(thread, argument(1), sockaddrBytes).slice() };
  }
  if (name === "execve") return { ...seen, paths: [readPath(thread, argument(0))] };
  if (name === "execveat") return { ...seen, paths: [readPath(thread, argument(1))] };
  const entries = pathCalls[name] ?? [];
  const paths = entries.map(({ path }) => readPath(thread, argument(path)));
  const flagsAt = entries[0]?.flags;
  if (flagsAt === undefined) return { ...seen, paths };
  const flags = name === "openat2" ? readFlags(thread, argument(flagsAt)) : argument(flagsAt);
  return { ...seen, paths, flags: Number(BigInt.asUintN(31, flags)) };
}

/** Whether a path means something else, or nothing, once its caller has gone on. */
export function leadsThroughCaller(path: string | undefined): boolean {
  return path !== undefined && ownLinks.test(path);
}

const ownLinks = /^[^/]|^\/+proc\/(.*\/)?(root|cwd|fd|exe|net)\b|^\/+dev\/+(fd|std)/;

/** `struct open_how` begins with its flags. */
function readFlags(thread: number, address: bigint): bigint {
  const bytes = readMemory(thread, address, 8);
  if (bytes.byteLength < 8) return BigInt(openFlags.pathOnly);
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
}
