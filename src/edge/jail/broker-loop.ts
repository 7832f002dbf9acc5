import { connectedDescriptor, listenAt } from "./broker-client.ts";
import { errno, syscall, writeText } from "./libc.ts";
import { dieWithParent, hideProcess } from "./restrict.ts";
import { syscallNumber } from "./syscalls.ts";

// poll.h, linux/seccomp.h, linux/socket.h, linux/in.h
const pollIn = 1;
const pollEnded = 0x18;
const receiveNotification = 0xc050_2100;
const sendResponse = 0xc018_2101;
const addDescriptor = 0x4018_2103;
const addAndRespond = 2;
const notificationBytes = 80;
const inet = 2;
const stream = 1;
const nonBlocking = 0o4000;
const closeOnExec = 0o2000000;
const levelIp = 0;
const bindAddressNoPort = 24;

/** How many bundles can have their sockets made at once; far above what one machine runs. */
const watchedLimit = 4096;

/**
 * A descriptor that is waited for: a launcher that connected, or the listener that it handed over.
 */
type Watched = "door" | "launcher" | "listener";

/**
 * The broker: makes the TCP sockets of bundles that may reach some hosts only, as their filters ask
 * it to. Such a socket is bound to 127.0.0.1, so that the kernel refuses to route it to any other
 * machine. Landlock alone compares port numbers: a bundle could reach whoever listens at the
 * proxy's port anywhere in the world.
 *
 * It is a process of its own because it waits in the kernel for calls that Bun's event loop cannot
 * see. It ends with its parent.
 */
export function serveSockets(path: string): never {
  dieWithParent();
  hideProcess();
  const door = listenAt(path);
  writeText(1, "listening\n");
  const watched = new Map<number, Watched>([[door, "door"]]);
  for (;;) {
    for (const { descriptor, events } of waitFor([...watched.keys()])) {
      handle(watched, descriptor, events);
    }
  }
}

function handle(watched: Map<number, Watched>, descriptor: number, events: number): void {
  const kind = watched.get(descriptor);
  if (kind === "door") {
    const { value } = syscall("accept4", descriptor, 0, 0, closeOnExec);
    if (value >= 0 && watched.size < watchedLimit) watched.set(value, "launcher");
    else if (value >= 0) syscall("close", value);
    return;
  }
  if (kind === "launcher") {
    const listener = connectedDescriptor(descriptor);
    forget(watched, descriptor);
    if (listener !== undefined) watched.set(listener, "listener");
    return;
  }
  if (events & pollIn) answer(descriptor);
  // The last process under this filter has ended.
  else if (events & pollEnded) forget(watched, descriptor);
}

function forget(watched: Map<number, Watched>, descriptor: number): void {
  watched.delete(descriptor);
  syscall("close", descriptor);
}

/** One call of `socket(AF_INET, SOCK_STREAM)`; the filter lets no other reach this place. */
function answer(listener: number): void {
  const bytes = new Uint8Array(notificationBytes);
  if (syscall("ioctl", listener, receiveNotification, bytes).value < 0) return;
  // struct seccomp_notif { u64 id; u32 pid; u32 flags; struct seccomp_data data; }, whose arguments
  // begin at 32.
  const call = new DataView(bytes.buffer);
  const id = call.getBigUint64(0, true);
  const flags = call.getInt32(40, true);
  const socket = loopbackSocket(flags & nonBlocking);
  if (call.getInt32(16, true) !== syscallNumber("socket") || socket === undefined) {
    respond(listener, id, errno.EACCES);
    return;
  }
  const added = new DataView(new ArrayBuffer(24));
  added.setBigUint64(0, id, true);
  added.setUint32(8, addAndRespond, true);
  added.setUint32(12, socket, true);
  added.setUint32(20, flags & closeOnExec, true);
  const { value } = syscall("ioctl", listener, addDescriptor, new Uint8Array(added.buffer));
  syscall("close", socket);
  // The bundle has no room for another descriptor; when it is gone, this answer fails unseen.
  if (value < 0) respond(listener, id, errno.EMFILE);
}

/**
 * A socket whose source is 127.0.0.1 for good: the bundle's filter refuses `bind`, and a disconnect
 * keeps the address.
 */
function loopbackSocket(flags: number): number | undefined {
  const { value: socket } = syscall("socket", inet, stream | flags | closeOnExec, 0);
  if (socket < 0) return undefined;
  const yes = new Uint8Array(new Int32Array([1]).buffer);
  syscall("setsockopt", socket, levelIp, bindAddressNoPort, yes, 4);
  const address = new Uint8Array([inet, 0, 0, 0, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  if (syscall("bind", socket, address, address.byteLength).value === 0) return socket;
  syscall("close", socket);
  return undefined;
}

function respond(listener: number, id: bigint, error: number): void {
  const response = new DataView(new ArrayBuffer(24));
  response.setBigUint64(0, id, true);
  response.setInt32(16, -error, true);
  syscall("ioctl", listener, sendResponse, new Uint8Array(response.buffer));
}

/** Waits without end for any of the descriptors. */
function waitFor(descriptors: readonly number[]): { descriptor: number; events: number }[] {
  // struct pollfd { int fd; short events; short revents; }
  const entries = new DataView(new ArrayBuffer(descriptors.length * 8));
  for (const [index, descriptor] of descriptors.entries()) {
    entries.setInt32(index * 8, descriptor, true);
    entries.setInt16(index * 8 + 4, pollIn, true);
  }
  syscall("ppoll", new Uint8Array(entries.buffer), descriptors.length, 0, 0, 0);
  return descriptors.flatMap((descriptor, index) => {
    const events = entries.getInt16(index * 8 + 6, true);
    return events === 0 ? [] : [{ descriptor, events }];
  });
}
