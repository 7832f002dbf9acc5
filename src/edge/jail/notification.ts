import { addressOf, syscall } from "./libc.ts";
import { type SyscallName, syscallName } from "./syscalls.ts";

// linux/seccomp.h
const receiveNotification = 0xc050_2100;
const sendResponse = 0xc018_2101;
const addDescriptor = 0x4018_2103;
const addAndRespond = 2;
const goOn = 1;
const notificationBytes = 80;
const argumentCount = 6;
const pageBytes = 4096;

/** A system call that waits for an answer; its arguments are what the kernel has taken already. */
export interface WaitingCall {
  /** Where it is answered. */
  listener: number;
  id: bigint;
  /** The thread that makes it. */
  thread: number;
  /** undefined for a call that the table does not have. */
  name: SyscallName | undefined;
  args: readonly bigint[];
}

/** Takes the next call that waits; undefined when its caller has ended meanwhile. */
export function receiveCall(listener: number): WaitingCall | undefined {
  // The kernel takes a zeroed buffer only.
  received.fill(0);
  if (syscall("ioctl", listener, receiveNotification, received).value < 0) return undefined;
  // struct seccomp_notif { u64 id; u32 pid; u32 flags; struct seccomp_data data; }, whose arguments
  // begin at 32.
  const args: bigint[] = [];
  for (let index = 0; index < argumentCount; index += 1) {
    args.push(call.getBigUint64(32 + index * 8, true));
  }
  const name = syscallName(call.getInt32(16, true));
  return { listener, id: call.getBigUint64(0, true), thread: call.getUint32(8, true), name, args };
}

/** Makes the call fail. */
export function refuseCall({ listener, id }: WaitingCall, error: number): void {
  respond(listener, { id, error: -error, flags: 0 });
}

/** Lets the kernel go on with the call as if nobody had been asked: Landlock judges it next. */
export function letCallThrough({ listener, id }: WaitingCall): void {
  respond(listener, { id, error: 0, flags: goOn });
}

/** Answers the call with a descriptor of this process; false when the caller has no room for one. */
export function giveDescriptor(
  { listener, id }: WaitingCall,
  descriptor: number,
  flags: number,
): boolean {
  const added = new DataView(new ArrayBuffer(24));
  added.setBigUint64(0, id, true);
  added.setUint32(8, addAndRespond, true);
  added.setUint32(12, descriptor, true);
  added.setUint32(20, flags, true);
  return syscall("ioctl", listener, addDescriptor, new Uint8Array(added.buffer)).value >= 0;
}

/**
 * Bytes of the caller's memory, up to the end of a page that it does not have; good until the next
 * reading. Empty where this process may not look: nothing that matters is decided by them, and the
 * caller may change them.
 */
export function readMemory(thread: number, address: bigint, length: number): Uint8Array {
  local.set([addressOf(memory), BigInt(length)]);
  remote.set([address, BigInt(length)]);
  const { value } = syscall("process_vm_readv", thread, localBytes, 1, remoteBytes, 1, 0);
  return memory.subarray(0, Math.max(0, value));
}

/** The path at an address; undefined where it cannot be read. */
export function readPath(thread: number, address: bigint): string | undefined {
  // Up to the end of its page first: most paths are short, and the next page may not be there.
  const left = pageBytes - Number(address & BigInt(pageBytes - 1));
  const first = textBefore(readMemory(thread, address, left));
  if (first !== undefined || left === pageBytes) return first;
  return textBefore(readMemory(thread, address, left + pageBytes));
}

function textBefore(bytes: Uint8Array): string | undefined {
  const end = bytes.indexOf(0);
  return end < 0 ? undefined : decoder.decode(bytes.subarray(0, end));
}

function respond(
  listener: number,
  { id, error, flags }: { id: bigint; error: number; flags: number },
): void {
  // struct seccomp_notif_resp { u64 id; s64 val; s32 error; u32 flags; }
  response.setBigUint64(0, id, true);
  response.setInt32(16, error, true);
  response.setUint32(20, flags, true);
  syscall("ioctl", listener, sendResponse, responseBytes);
}

// One call is answered at a time, while its caller waits: nothing is made anew for it.
const received = new Uint8Array(notificationBytes);
const call = new DataView(received.buffer);
const responseBytes = new Uint8Array(24);
const response = new DataView(responseBytes.buffer);
const memory = new Uint8Array(2 * pageBytes);
const local = new BigUint64Array(2);
const remote = new BigUint64Array(2);
const localBytes = new Uint8Array(local.buffer);
const remoteBytes = new Uint8Array(remote.buffer);
const decoder = new TextDecoder();
