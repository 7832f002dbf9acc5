import { addressOf, type Outcome, syscall } from "./libc.ts";
import type { ReportPolicy } from "./report-policy.ts";

// linux/socket.h
const familyUnix = 1;
/** Each message stays whole: the policy and the descriptor come in one. */
const sequenced = 5;
const closeOnExec = 0o2000000;
const levelSocket = 1;
const passRights = 1;
const peerCredentials = 17;
/** Launchers that wait to be accepted; they start one after another. */
const backlog = 64;
/** The largest policy that is handed over, in bytes; the kernel sends up to about 200 KiB at once. */
const policyLimitBytes = 128 * 1024;
/** `sun_path` holds 108 bytes, the closing zero included. */
export const socketPathLimitBytes = 107;

/** A launcher's call filter, and what it enforces. */
export interface HandOver {
  listener: number;
  policy: ReportPolicy;
}

/** Connects a launcher to the broker's Unix socket. */
export function connectBroker(path: string): Outcome {
  const made = syscall("socket", familyUnix, sequenced | closeOnExec, 0);
  if (made.value < 0) return made;
  const address = unixAddress(path);
  const connected = syscall("connect", made.value, address, address.byteLength);
  return connected.value < 0 ? connected : made;
}

/** Opens the broker's Unix socket. */
export function listenAt(path: string): number {
  const { value: door } = syscall("socket", familyUnix, sequenced | closeOnExec, 0);
  const address = unixAddress(path);
  const bound = syscall("bind", door, address, address.byteLength);
  const listening = bound.value < 0 ? bound : syscall("listen", door, backlog);
  if (listening.value === 0) return door;
  throw new Error(`the socket broker cannot listen at ${path}: error ${listening.errno}`);
}

/** The next launcher at the door, by the process that the kernel saw connecting. */
export function acceptLauncher(door: number): { socket: number; pid: number } | undefined {
  const { value: socket } = syscall("accept4", door, 0, 0, closeOnExec);
  return socket < 0 ? undefined : { socket, pid: peerOf(socket) };
}

/** The process at the other end of a connected socket. */
export function peerOf(socket: number): number {
  // struct ucred { pid_t pid; uid_t uid; gid_t gid; }
  const credentials = new Uint8Array(12);
  const length = new Uint8Array(new Uint32Array([credentials.byteLength]).buffer);
  syscall("getsockopt", socket, levelSocket, peerCredentials, credentials, length);
  return new DataView(credentials.buffer).getInt32(0, true);
}

/** For one policy at a time; most are of 4 KiB. */
const received = new Uint8Array(policyLimitBytes);

/** Receives what a launcher hands over; undefined when it ended without. */
export function receiveListener(launcher: number): HandOver | undefined {
  const message = descriptorMessage(received);
  const { value } = syscall("recvmsg", launcher, message.header, 0);
  const listener = new DataView(message.control.buffer).getInt32(16, true);
  if (value <= 0 || listener <= 0) return undefined;
  try {
    // Written by the launcher, which is this same program.
    const policy = JSON.parse(
      new TextDecoder().decode(received.subarray(0, value)),
    ) as ReportPolicy;
    return { listener, policy };
  } catch {
    // Nothing of the sort is sent by a launcher.
    syscall("close", listener);
    return undefined;
  }
}

/**
 * Prepares what hands the broker the descriptor at which the bundle's calls wait: once the filter
 * holds, as little as possible may be done before they have somebody who answers them.
 */
export function prepareHandOver(
  broker: number,
  policy: ReportPolicy,
): (listener: number) => Outcome {
  const message = descriptorMessage(encode(policy));
  const control = new DataView(message.control.buffer);
  return (listener) => {
    control.setInt32(16, listener, true);
    return syscall("sendmsg", broker, message.header, 0);
  };
}

/** The policy as it can be handed over: with paths beyond the bound, what they refuse is not told. */
export function fittingPolicy(policy: ReportPolicy): ReportPolicy {
  return encode(policy).byteLength <= policyLimitBytes ? policy : { ...policy, paths: null };
}

function encode(policy: ReportPolicy): Uint8Array {
  return Buffer.from(JSON.stringify(policy), "utf8");
}

/**
 * A `struct msghdr` with data and room for one descriptor, in the layout of 64-bit Linux; filled in
 * for sending, and overwritten by receiving.
 */
function descriptorMessage(data: Uint8Array): { header: Uint8Array; control: Uint8Array } {
  const control = new Uint8Array(24);
  const cmsg = new DataView(control.buffer);
  cmsg.setBigUint64(0, 20n, true);
  cmsg.setInt32(8, levelSocket, true);
  cmsg.setInt32(12, passRights, true);
  const vector = new BigUint64Array([addressOf(data), BigInt(data.byteLength)]);
  const header = new DataView(new ArrayBuffer(56));
  header.setBigUint64(16, addressOf(new Uint8Array(vector.buffer)), true);
  header.setBigUint64(24, 1n, true);
  header.setBigUint64(32, addressOf(control), true);
  header.setBigUint64(40, BigInt(control.byteLength), true);
  return { header: new Uint8Array(header.buffer), control };
}

function unixAddress(path: string): Uint8Array {
  const bytes = Buffer.from(path, "utf8");
  if (bytes.byteLength > socketPathLimitBytes) throw new Error(`too long for a socket: ${path}`);
  // struct sockaddr_un { unsigned short family; char path[108]; }
  const address = Buffer.alloc(2 + socketPathLimitBytes + 1);
  address.writeUInt16LE(familyUnix, 0);
  bytes.copy(address, 2);
  return address;
}
