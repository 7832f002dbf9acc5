import { addressOf, type Outcome, syscall } from "./libc.ts";

// linux/socket.h
const familyUnix = 1;
const stream = 1;
const closeOnExec = 0o2000000;
const levelSocket = 1;
const passRights = 1;
/** Launchers that wait to be accepted; they start one after another. */
const backlog = 64;
/** `sun_path` holds 108 bytes, the closing zero included. */
export const socketPathLimitBytes = 107;

/** Connects a launcher to the broker's Unix socket. */
export function connectBroker(path: string): Outcome {
  const made = syscall("socket", familyUnix, stream | closeOnExec, 0);
  if (made.value < 0) return made;
  const address = unixAddress(path);
  const connected = syscall("connect", made.value, address, address.byteLength);
  return connected.value < 0 ? connected : made;
}

/** Opens the broker's Unix socket. */
export function listenAt(path: string): number {
  const { value: door } = syscall("socket", familyUnix, stream | closeOnExec, 0);
  const address = unixAddress(path);
  const bound = syscall("bind", door, address, address.byteLength);
  const listening = bound.value < 0 ? bound : syscall("listen", door, backlog);
  if (listening.value === 0) return door;
  throw new Error(`the socket broker cannot listen at ${path}: error ${listening.errno}`);
}

/** Receives the descriptor that a launcher sends; undefined when it ended without. */
export function connectedDescriptor(launcher: number): number | undefined {
  const message = descriptorMessage();
  const { value } = syscall("recvmsg", launcher, message.header, 0);
  const descriptor = new DataView(message.control.buffer).getInt32(16, true);
  return value > 0 && descriptor > 0 ? descriptor : undefined;
}

/** Hands the broker the descriptor at which the bundle's calls wait. */
export function sendListener(broker: number, listener: number): Outcome {
  const message = descriptorMessage();
  new DataView(message.control.buffer).setInt32(16, listener, true);
  return syscall("sendmsg", broker, message.header, 0);
}

/**
 * A `struct msghdr` with one byte of data and room for one descriptor, in the layout of 64-bit
 * Linux; filled in for sending, and overwritten by receiving.
 */
function descriptorMessage(): { header: Uint8Array; control: Uint8Array } {
  const control = new Uint8Array(24);
  const cmsg = new DataView(control.buffer);
  cmsg.setBigUint64(0, 20n, true);
  cmsg.setInt32(8, levelSocket, true);
  cmsg.setInt32(12, passRights, true);
  const vector = new BigUint64Array([addressOf(new Uint8Array(1)), 1n]);
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
