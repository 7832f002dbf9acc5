import { assembleFilter, type CallRule } from "./bpf.ts";
import { addressOf, errno, type Outcome, syscall } from "./libc.ts";
import type { JailLimits } from "./spec.ts";
import { type Architecture, architecture } from "./syscalls.ts";

// linux/prctl.h, asm/resource.h, linux/signal.h, linux/seccomp.h, linux/capability.h,
// linux/close_range.h
const prSetDeathSignal = 1;
const prSetDumpable = 4;
const prSetNoNewPrivileges = 38;
const resources = { fileBytes: 1, core: 4, userTasks: 6, openFiles: 7 } as const;
const sigKill = 9;
const sigPipe = 13;
const sigFileSize = 25;
const signalSetBytes = 8;
const setSignalMask = 2;
const setModeFilter = 1;
const newListener = 8;
const waitUnlessKilled = 32;
const prSetTracer = 0x5961_6d61;
const capabilityVersion3 = 0x2008_0522;
const markCloseOnExec = 4;

/** Makes the process die with the one that started it. */
export function dieWithParent(): Outcome {
  return syscall("prctl", prSetDeathSignal, sigKill, 0, 0, 0);
}

/** Gives up every capability, and the way back to one through an executable. */
export function dropPrivileges(): Outcome {
  const header = new Uint8Array(new Uint32Array([capabilityVersion3, 0]).buffer);
  const dropped = syscall("capset", header, new Uint8Array(24));
  return dropped.value < 0 ? dropped : syscall("prctl", prSetNoNewPrivileges, 1, 0, 0, 0);
}

/**
 * Hides this process's environment, memory and descriptors from the other processes of its user.
 * The runtime calls it once at start, so that its secrets stay unread even where Landlock is
 * missing.
 */
export function hideProcess(): boolean {
  return syscall("prctl", prSetDumpable, 0, 0, 0, 0).value === 0;
}

/**
 * Sets the limits that the kernel holds; there is never a core dump, which would hold the bundle's
 * secrets.
 */
export function setLimits(limits: JailLimits): Outcome {
  const wanted = [
    [resources.core, 0],
    [resources.openFiles, limits.openFiles],
    [resources.userTasks, limits.userTasks],
    [resources.fileBytes, limits.fileBytes],
  ] as const;
  for (const [resource, value] of wanted) {
    if (value === undefined) continue;
    const set = setLimit(resource, value);
    if (set.value < 0) return set;
  }
  return { value: 0, errno: 0 };
}

/** The soft and the hard limit become `value`, or the present hard limit where that is lower. */
function setLimit(resource: number, value: number): Outcome {
  const present = new BigUint64Array(2);
  const got = syscall("prlimit64", 0, resource, 0, new Uint8Array(present.buffer));
  if (got.value < 0) return got;
  const hard = present[1] ?? 0n;
  const next = BigInt(value) < hard ? BigInt(value) : hard;
  const wanted = new Uint8Array(new BigUint64Array([next, next]).buffer);
  return syscall("prlimit64", 0, resource, wanted, 0);
}

/**
 * Undoes what the engine set up for itself and `execve` would hand on: ignored signals, the mask,
 * open files.
 */
export function restoreDefaults(): Outcome {
  // struct sigaction of the kernel: handler, flags, restorer, mask; all zero is the default action.
  const byDefault = new Uint8Array(32);
  for (const signal of [sigPipe, sigFileSize]) {
    syscall("rt_sigaction", signal, byDefault, 0, signalSetBytes);
  }
  const nothingBlocked = new Uint8Array(signalSetBytes);
  syscall("rt_sigprocmask", setSignalMask, nothingBlocked, 0, signalSetBytes);
  // An open file is not restricted by Landlock: none but the standard three may reach the bundle.
  return syscall("close_range", 3, 0xffff_ffff, markCloseOnExec);
}

/**
 * Puts the calling thread, and everything it becomes, under a system-call filter.
 * @returns With `listen`, the descriptor at which calls with the verdict `notify` wait.
 */
export function applyFilter(rules: readonly CallRule[], listen: boolean): Outcome {
  const machine: Architecture | undefined = architecture();
  if (machine === undefined) return { value: -1, errno: errno.ENOSYS };
  const filter = assembleFilter(rules, machine);
  // struct sock_fprog { unsigned short len; struct sock_filter *filter; }
  const program = new DataView(new ArrayBuffer(16));
  program.setUint16(0, filter.byteLength / 8, true);
  program.setBigUint64(8, addressOf(filter), true);
  const bytes = new Uint8Array(program.buffer);
  const apply = (flags: number): Outcome => syscall("seccomp", setModeFilter, flags, bytes);
  if (!listen) return apply(0);
  // A signal must not make a call that waits fail with EINTR, which no program expects of `open`; before Linux 5.19
  // the kernel makes the call once more instead.
  const applied = apply(newListener | waitUnlessKilled);
  return applied.errno === errno.EINVAL ? apply(newListener) : applied;
}

/**
 * Lets one other process of this user look at the memory of this one, where the kernel's Yama allows
 * that to parents only; without Yama nothing changes.
 */
export function letBeRead(reader: number): Outcome {
  return syscall("prctl", prSetTracer, reader, 0, 0, 0);
}
