import type { Observation } from "./observation.ts";
import { attributeCalls } from "./refused-calls.ts";
import type { ReportPolicy } from "./report-policy.ts";
import type { SyscallName } from "./syscalls.ts";

/** What a bundle tried and was not let do. */
export interface Refusal {
  /** The system call, by its name. */
  call: string;
  /** What was tried, such as `read "/etc/passwd"`. */
  attempt: string;
  /** Why not, such as `the path is not granted`. */
  reason: string;
}

// linux/socket.h, linux/net.h
const families: Readonly<Record<number, string>> = { 1: "Unix", 2: "IPv4", 10: "IPv6" };
const types: Readonly<Record<number, string>> = { 1: "stream", 2: "datagram", 3: "raw" };
const tcp = 6;
const typeMask = 0xf;
const noRun = "no program is granted";
const own = "it is not its own process";

/** A call that the filter refuses, in words. */
export function refusalOf(seen: Observation, policy: ReportPolicy): Refusal {
  const { name } = seen;
  const { attempt, reason } = words[name]?.(seen, policy) ?? {
    attempt: `call ${name}`,
    reason: attributes.has(name) ? "writing everywhere is not granted" : "no grant covers it",
  };
  return { call: name, attempt, reason };
}

type Words = (seen: Observation, policy: ReportPolicy) => Omit<Refusal, "call">;

const attributes: ReadonlySet<string> = new Set([...attributeCalls, "utimensat"]);
const execute: Words = ({ paths: [path] }) => ({
  attempt: `execute ${quote(path)}`,
  reason: noRun,
});
const fork: Words = (_, { run }) => ({
  attempt: "start a process",
  reason: run ? "in namespaces of its own" : noRun,
});
const signal: Words = ({ args }) => ({
  attempt: `signal process ${Number(BigInt.asIntN(32, args[0] ?? 0n))}`,
  reason: own,
});
const another: Words = ({ name, args }) => ({
  attempt: `${name} process ${Number(BigInt.asIntN(32, args[name === "setpriority" ? 1 : 0] ?? 0n))}`,
  reason: own,
});
const accept: Words = ({ name }) => ({
  attempt: `${name} on a socket`,
  reason: "accepting connections is not granted",
});
const fastOpen: Words = ({ name }) => ({
  attempt: `connect while sending (${name})`,
  reason: "only Berth's proxy may be reached",
});

const words: Readonly<Partial<Record<SyscallName, Words>>> = {
  ...{ execve: execute, execveat: execute, fork, vfork: fork, clone: fork },
  ...{ kill: signal, tkill: signal, tgkill: signal },
  ...{ rt_sigqueueinfo: signal, rt_tgsigqueueinfo: signal },
  ...{ prlimit64: another, setpriority: another, sched_setaffinity: another },
  ...{ sched_setscheduler: another, sched_setparam: another, sched_setattr: another },
  ...{ bind: accept, listen: accept, accept, accept4: accept },
  ...{ sendto: fastOpen, sendmsg: fastOpen, sendmmsg: fastOpen },
  socket: ({ args }, { sockets }) => ({
    attempt: `make a socket (${socketKind(args)})`,
    reason: {
      none: "no host is granted",
      brokered: "only TCP to Berth's proxy is granted",
      proxied: "only TCP to Berth's proxy is granted",
      open: "no grant covers it",
    }[sockets],
  }),
  socketpair: ({ args }) => ({
    attempt: `make a pair of sockets (${socketKind(args)})`,
    reason: "no grant covers it",
  }),
  inotify_add_watch: () => ({ attempt: "watch a file", reason: "no path is granted" }),
};

function socketKind(args: readonly bigint[]): string {
  const [family = 0, type = 0, protocol = 0] = args.map((word) => Number(BigInt.asUintN(32, word)));
  const kind = `${families[family] ?? `family ${family}`} ${types[type & typeMask] ?? `type ${type & typeMask}`}`;
  return protocol === 0 || protocol === tcp ? kind : `${kind}, protocol ${protocol}`;
}

/** The longest path that is shown, in characters. */
const shownPathLimit = 512;

/** A path in quotes, escaped, as it may hold anything; or what is said when it could not be read. */
export function quote(path: string | undefined): string {
  return path === undefined ? "a file" : JSON.stringify(path.slice(0, shownPathLimit));
}
