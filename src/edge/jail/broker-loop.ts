import { acceptLauncher, type HandOver, listenAt, receiveListener } from "./broker-client.ts";
import { Judge } from "./judge.ts";
import { errno, syscall, writeText } from "./libc.ts";
import { letCallThrough, receiveCall, refuseCall } from "./notification.ts";
import { leadsThroughCaller, type Observation, observe } from "./observation.ts";
import { refusalOf } from "./refusal.ts";
import { type FileUse, Report } from "./report.ts";
import { isLetThrough, type ReportPolicy } from "./report-policy.ts";
import { dieWithParent, hideProcess } from "./restrict.ts";
import { giveSocket, isTcp } from "./socket-maker.ts";

// poll.h
const pollIn = 1;
const pollEnded = 0x18;

/** How many bundles can be served at once; far above what one machine runs. */
const watchedLimit = 4096;
/** How many calls wait to be judged for the log; more are let go without, which is told. */
const unjudgedLimit = 1024;
/** How long nobody may have called before judging begins, in milliseconds: a program starts undisturbed. */
const quietMs = 100;
const quietNs = BigInt(quietMs) * 1_000_000n;
/** How many are judged before the next look at who calls. */
const judgedAtOnceCount = 4;
/** With as many waiting, whoever goes on calling waits for one to be judged. */
const hurriedCount = 64;

/** A bundle: where its calls wait, and what its jail is. */
interface Jailed {
  policy: ReportPolicy;
  child: number;
  report: Report;
}

/**
 * A descriptor that is waited for: launchers come through the door, each hands over its listener.
 */
type Watched = "door" | { launcher: number } | Jailed;

interface Ready {
  descriptor: number;
  events: number;
}

interface Unjudged {
  /** undefined: there was nothing after it. */
  seen: Observation | undefined;
  jailed: Jailed;
}

/**
 * The broker: answers the calls that the filters of bundles hand over. It makes the TCP sockets of
 * bundles that may reach some hosts only; such a socket is bound to 127.0.0.1, so that the kernel
 * refuses to route it to any other machine. (Landlock alone compares port numbers: a bundle could
 * reach whoever listens at the proxy's port anywhere in the world.) It refuses what the filters
 * refuse, lets through what Landlock judges, and writes a line for each refusal.
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
  const unjudged: Unjudged[] = [];
  const judge = new Judge();
  for (;;) {
    const ready = waitFor([...watched.keys()], patienceNs(unjudged));
    for (const one of ready) handle(watched, one, { unjudged, judge });
    // Nobody waits for a judgement: it is made when nobody waits for an answer.
    const count = ready.length === 0 ? judgedAtOnceCount : Number(unjudged.length >= hurriedCount);
    for (const next of unjudged.splice(0, count)) tell(judge, next);
  }
}

function handle(
  watched: Map<number, Watched>,
  { descriptor, events }: Ready,
  { unjudged, judge }: { unjudged: Unjudged[]; judge: Judge },
): void {
  const what = watched.get(descriptor);
  if (what === undefined) return;
  if (what === "door") {
    const launcher = acceptLauncher(descriptor);
    if (launcher === undefined) return;
    if (watched.size < watchedLimit) watched.set(launcher.socket, { launcher: launcher.pid });
    else syscall("close", launcher.socket);
    return;
  }
  if ("launcher" in what) {
    const handedOver = receiveListener(descriptor);
    forget(watched, descriptor);
    if (handedOver === undefined) return;
    watched.set(handedOver.listener, jailedBy(what.launcher, handedOver));
    return;
  }
  if (events & pollIn) answer(descriptor, { jailed: what, unjudged, judge });
  else if (events & pollEnded) {
    // The last process under this filter has ended; what it did may not be judged yet.
    forget(watched, descriptor);
    unjudged.push({ seen: undefined, jailed: what });
  }
}

function jailedBy(child: number, { policy }: HandOver): Jailed {
  return { policy, child, report: new Report(child) };
}

function forget(watched: Map<number, Watched>, descriptor: number): void {
  watched.delete(descriptor);
  syscall("close", descriptor);
}

/** One call. What is neither a socket to be made nor Landlock's to judge is refused. */
function answer(
  listener: number,
  { jailed, unjudged, judge }: { jailed: Jailed; unjudged: Unjudged[]; judge: Judge },
): void {
  const call = receiveCall(listener);
  if (call === undefined) return;
  const { name } = call;
  const { policy, report } = jailed;
  if (name === undefined) refuseCall(call, errno.EPERM);
  else if (name === "socket" && policy.sockets === "brokered" && isTcp(call)) giveSocket(call);
  else {
    const seen = observe(call, name);
    if (!isLetThrough(name, policy)) {
      refuseCall(call, errno.EPERM);
      report.tell(refusalOf(seen, policy));
      return;
    }
    // What leads through the caller's own links must be followed while it is there.
    if (seen.paths.some(leadsThroughCaller)) tell(judge, { seen, jailed });
    else if (unjudged.length < unjudgedLimit) unjudged.push({ seen, jailed });
    else report.tell(unseen);
    letCallThrough(call);
  }
}

const unseen = {
  call: "any",
  attempt: "make more calls than can be judged",
  reason: "a refusal among them is not told",
} as const;

function tell(judge: Judge, { seen, jailed: { policy, child, report } }: Unjudged): void {
  if (seen === undefined) report.end();
  else {
    const onUse = (use: FileUse) => report.tellUse(use);
    for (const refusal of judge.findRefusals(seen, policy, { child, onUse })) report.tell(refusal);
  }
}

/** How long to wait for the next call; undefined: without end. What an ended bundle did last is waited for, and told at once. */
function patienceNs(unjudged: readonly Unjudged[]): bigint | undefined {
  if (unjudged.length === 0) return undefined;
  return unjudged.some(({ seen }) => seen === undefined) ? 0n : quietNs;
}

/** Waits for any of the descriptors. */
function waitFor(descriptors: readonly number[], limitNs: bigint | undefined): Ready[] {
  // struct pollfd { int fd; short events; short revents; }
  const entries = new DataView(new ArrayBuffer(descriptors.length * 8));
  for (const [index, descriptor] of descriptors.entries()) {
    entries.setInt32(index * 8, descriptor, true);
    entries.setInt16(index * 8 + 4, pollIn, true);
  }
  // struct timespec { long seconds; long nanoseconds; }
  const limit = limitNs === undefined ? 0 : new Uint8Array(new BigInt64Array([0n, limitNs]).buffer);
  syscall("ppoll", new Uint8Array(entries.buffer), descriptors.length, limit, 0, 0);
  return descriptors.flatMap((descriptor, index) => {
    const events = entries.getInt16(index * 8 + 6, true);
    return events === 0 ? [] : [{ descriptor, events }];
  });
}
