import { connectBroker, prepareHandOver } from "./broker-client.ts";
import { filterRules } from "./filter.ts";
import { applyLandlock, landlockAbi, type PathRule } from "./landlock.ts";
import { errno, syscall, writeText } from "./libc.ts";
import type { ReportPolicy } from "./report-policy.ts";
import { applyFilter, dieWithParent, dropPrivileges } from "./restrict.ts";
import { type JailSupport, noSupport } from "./support.ts";

// linux/socket.h
const inet = 2;
const stream = 1;
const datagram = 2;
const currentFolder = -100;
/** The two ports that are tried: one granted, one not; nobody need listen at either. */
const grantedPort = 1;
const otherPort = 2;
/** How long the broker may take until it listens, in milliseconds; it takes about 20. */
const brokerLimitMs = 5_000;
/** Of RFC 5737, never a machine: a route to it means that a socket can leave this one. */
const elsewhere = [192, 0, 2, 1] as const;
/** What the probe's own refusals are: its filter decides them, and none is told. */
const nothingJudged: ReportPolicy = {
  ...{ paths: null, tellReads: false, places: [], connectPorts: null, sockets: "brokered" },
  ...{ run: false, signalsScoped: false },
};
/** All of /proc is granted, so that only the rule about other processes can close their folders. */
const probedPaths: readonly PathRule[] = [{ path: "/proc", access: ["read"] }];

/** Jails this very process, tries what a jail must stop, and writes what was stopped as JSON. */
export function probe(brokerPath: string | undefined): void {
  dieWithParent();
  const abi = landlockAbi();
  const broker = brokerPath === undefined ? -1 : waitForBroker(brokerPath);
  const support: JailSupport = { ...noSupport, landlockAbi: abi };
  if (dropPrivileges().value === 0) {
    Object.assign(support, probeLandlock(abi), probeFilter(abi, broker));
  }
  writeText(1, `${JSON.stringify(support)}\n`);
}

/** It is being started at the same time. */
function waitForBroker(path: string): number {
  const limitAtMs = performance.now() + brokerLimitMs;
  for (;;) {
    const { value } = connectBroker(path);
    if (value >= 0 || performance.now() > limitAtMs) return value;
    Bun.sleepSync(1);
  }
}

function probeLandlock(
  abi: number,
): Pick<JailSupport, "paths" | "ports" | "signals" | "processes"> {
  const parent = syscall("getppid").value;
  const before = openError(process.execPath) === 0;
  const ruleset = { paths: probedPaths, connectPorts: [grantedPort] };
  const applied = abi > 0 && applyLandlock(ruleset, abi).failure === undefined;
  const paths = applied && before && openError(process.execPath) === errno.EACCES;
  return {
    paths,
    ports:
      connectError([127, 0, 0, 1], otherPort) === errno.EACCES &&
      connectError([127, 0, 0, 1], grantedPort) !== errno.EACCES,
    signals: syscall("kill", parent, 0).errno === errno.EPERM,
    processes: paths && openError(`/proc/${parent}/environ`) === errno.EACCES,
  };
}

function probeFilter(abi: number, broker: number): Pick<JailSupport, "calls" | "broker"> {
  const rules = filterRules({
    pid: process.pid,
    passphrase: [0n, 0n, 0n],
    run: false,
    sockets: broker < 0 ? "none" : "brokered",
    unixSockets: false,
    writeAnywhere: false,
    watch: false,
    signalsScoped: abi >= 6,
  });
  // Without the passphrase this is refused; without a filter there is no file of this name.
  const execution = () => syscall("execve", "", 0, 0, 1, 1, 1).errno;
  const applied = applyFilter(rules, broker >= 0);
  if (applied.value < 0) return { calls: false, broker: false };
  const calls =
    execution() === errno.EPERM &&
    syscall("unshare", 0).errno === errno.EPERM &&
    syscall("socket", inet, datagram, 0).errno === errno.EPERM;
  const isHandedOver = prepareHandOver(broker, nothingJudged)(applied.value).value >= 0;
  if (broker < 0 || !isHandedOver) return { calls, broker: false };
  return { calls, broker: connectError(elsewhere, grantedPort) === errno.EINVAL };
}

function openError(path: string): number {
  const { value, errno: error } = syscall("openat", currentFolder, path, 0, 0);
  if (value >= 0) syscall("close", value);
  return error;
}

/** The error of connecting without waiting; EINPROGRESS when the packet has left. */
function connectError(address: readonly number[], port: number): number {
  const nonBlocking = 0o4000;
  const { value: socket, errno: error } = syscall("socket", inet, stream | nonBlocking, 0);
  if (socket < 0) return error;
  const sockaddr = new Uint8Array([
    inet,
    0,
    port >> 8,
    port & 0xff,
    ...address,
    ...Array(8).fill(0),
  ]);
  const connected = syscall("connect", socket, sockaddr, sockaddr.byteLength);
  syscall("close", socket);
  return connected.errno;
}
