import { errno, syscall } from "./libc.ts";
import { giveDescriptor, refuseCall, type WaitingCall } from "./notification.ts";

// linux/socket.h, linux/in.h
const inet = 2;
const stream = 1;
const typeMask = 0xf;
const protocolTcp = 6;
const nonBlocking = 0o4000;
const closeOnExec = 0o2000000;
const levelIp = 0;
const bindAddressNoPort = 24;

/** Whether a call of `socket` asks for a TCP socket, the only kind that the broker makes. */
export function isTcp({ args }: WaitingCall): boolean {
  const [family, type = 0, protocol] = args.map((word) => Number(BigInt.asUintN(32, word)));
  return (
    family === inet && (type & typeMask) === stream && (protocol === 0 || protocol === protocolTcp)
  );
}

/** Answers a call of `socket` with one that the broker has made. */
export function giveSocket(call: WaitingCall): void {
  const flags = Number(BigInt.asUintN(32, call.args[1] ?? 0n));
  const socket = loopbackSocket(flags & nonBlocking);
  if (socket === undefined) {
    refuseCall(call, errno.EACCES);
    return;
  }
  const isGiven = giveDescriptor(call, socket, flags & closeOnExec);
  syscall("close", socket);
  // The bundle has no room for another descriptor; when it is gone, this answer fails unseen.
  if (!isGiven) refuseCall(call, errno.EMFILE);
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
