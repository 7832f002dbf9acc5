import { dlopen, ptr, read } from "bun:ffi";
import { type SyscallName, syscallNumber } from "./syscalls.ts";

/** What a system call came back with: its value, or the error number. */
export interface Outcome {
  value: number;
  errno: number;
}

/** An argument of a system call: a number, a pointer to bytes, or text that becomes a C string. */
type Argument = number | bigint | Uint8Array | string;

const long = "i64";
const symbolsWanted = {
  syscall: { args: [long, long, long, long, long, long, long], returns: long },
  __errno_location: { args: [], returns: "ptr" },
} as const;

/**
 * The C library is opened once: everything goes through `syscall`, which glibc and musl both have.
 */
const libc = openLibc();
/**
 * What a call was handed must outlive the call, whatever the collector thinks; no call takes as
 * many buffers.
 */
const keptLimit = 256;
const kept: Uint8Array[] = [];
let nextKept = 0;

/** The code of glibc is 1.4 MiB, that of musl less. */
const librarySpanBytes = 2n * 1024n * 1024n;

/** The numbers of the errors that the jail tells apart. */
export const errno = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EBADF: 9,
  EACCES: 13,
  EINVAL: 22,
  EMFILE: 24,
  ENOSYS: 38,
  EOPNOTSUPP: 95,
  EAFNOSUPPORT: 97,
  ECONNREFUSED: 111,
  EINPROGRESS: 115,
} as const;

/** Makes one system call on the calling thread. */
export function syscall(name: SyscallName, ...given: Argument[]): Outcome {
  const number = syscallNumber(name);
  if (number === undefined) return { value: -1, errno: errno.ENOSYS };
  const [a, b, c, d, e, f] = given.map(word);
  const value = Number(
    libc.syscall(BigInt(number), a ?? 0n, b ?? 0n, c ?? 0n, d ?? 0n, e ?? 0n, f ?? 0n),
  );
  return { value, errno: value === -1 ? lastError() : 0 };
}

/**
 * Where the C library's own code lies, give or take what is around it; undefined where that cannot be
 * told. A range that a filter can compare has the same upper 32 bits at both ends.
 */
export function libraryRange(): { from: bigint; to: bigint } | undefined {
  // Bun gives each function that it looks up its address, which its types do not say.
  const { ptr: address } = libc.syscall as { ptr?: number };
  if (typeof address !== "number") return undefined;
  const from = BigInt(address) - librarySpanBytes;
  const to = BigInt(address) + librarySpanBytes;
  return from >> 32n === to >> 32n ? { from, to } : undefined;
}

/** Writes text to an open file; loading node:fs would take longer than a whole launch. */
export function writeText(file: number, text: string): void {
  const bytes = Buffer.from(text, "utf8");
  syscall("write", file, bytes, bytes.byteLength);
}

/** A C string. */
export function cString(text: string): Uint8Array {
  return Buffer.from(`${text}\0`, "utf8");
}

/** A NULL-ended array of C strings, as `execve` takes it. */
export function cStrings(texts: readonly string[]): Uint8Array {
  const strings = texts.map(cString);
  const start = addressOf(Buffer.concat([...strings, Buffer.alloc(1)]));
  const addresses = new BigUint64Array(texts.length + 1);
  let offset = 0n;
  for (const [index, text] of strings.entries()) {
    addresses[index] = start + offset;
    offset += BigInt(text.byteLength);
  }
  return new Uint8Array(addresses.buffer);
}

/** The address of bytes, which stay alive for the next calls. */
export function addressOf(bytes: Uint8Array): bigint {
  kept[nextKept] = bytes;
  nextKept = (nextKept + 1) % keptLimit;
  return BigInt(ptr(bytes));
}

function word(argument: Argument): bigint {
  if (typeof argument === "bigint") return argument;
  if (typeof argument === "number") return BigInt(argument);
  return addressOf(typeof argument === "string" ? cString(argument) : argument);
}

function lastError(): number {
  const location = libc.__errno_location();
  return location === null ? 0 : read.i32(location);
}

function openLibc() {
  for (const name of ["libc.so.6", "libc.so"]) {
    try {
      return dlopen(name, symbolsWanted).symbols;
    } catch {
      // The next name is tried: glibc's, then musl's.
    }
  }
  throw new Error("no C library found: neither libc.so.6 nor libc.so");
}
