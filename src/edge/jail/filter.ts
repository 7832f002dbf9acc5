import type { CallRule, Condition } from "./bpf.ts";
import { alwaysRefused, alwaysUnimplemented, attributeCalls } from "./refused-calls.ts";
import type { SyscallName } from "./syscalls.ts";

/**
 * What sockets a bundle may make: none; TCP ones that Berth makes for it, bound to loopback
 * (`brokered`); TCP ones of its own (`proxied`, where there is no broker); or any kind (`open`).
 */
export type SocketPolicy = "none" | "brokered" | "proxied" | "open";

/** What the filter depends on. */
export interface FilterOptions {
  /** The process id, which `execve` keeps: calls about other processes are recognised by it. */
  pid: number;
  /** Three words that only the launcher knows; see `executionRules`. */
  passphrase: readonly [bigint, bigint, bigint];
  /** True when the bundle may start programs. */
  run: boolean;
  sockets: SocketPolicy;
  /** True when the bundle may speak to Unix sockets. */
  unixSockets: boolean;
  /** True when the bundle may write anywhere. */
  writeAnywhere: boolean;
  /** True when the bundle may watch files. */
  watch: boolean;
  /** True when Landlock keeps signals inside the jail. */
  signalsScoped: boolean;
}

/** The rules of one bundle's filter; whatever no rule names is allowed. */
export function filterRules(options: FilterOptions): CallRule[] {
  return [
    ...executionRules(options),
    ...processRules(options),
    ...socketRules(options),
    ...fileRules(options),
    ...alwaysRefused.map(refuse),
    ...alwaysUnimplemented.map((name): CallRule => ({ name, otherwise: "unimplemented" })),
  ];
}

/**
 * Without `run`, nothing may be executed but the bundle itself, by the launcher. The kernel ignores
 * the last three arguments of `execve` and a filter sees them: the launcher puts random words there
 * that no later program can know, because the kernel clears registers and memory on `execve` and
 * shows no filter to the unprivileged.
 */
function executionRules({ run, passphrase }: FilterOptions): CallRule[] {
  const thread: Condition = { argument: 0, mask: cloneThread, equals: cloneThread };
  const sameNamespaces: Condition = { argument: 0, mask: cloneNamespaces, equals: 0 };
  const clone: CallRule = {
    name: "clone",
    clauses: [{ when: run ? [sameNamespaces] : [thread, sameNamespaces], verdict: "allow" }],
    otherwise: "refuse",
  };
  if (run) return [clone];
  const words = passphrase.map(
    (equals, index): Condition => ({ argument: (index + 3) as 3 | 4 | 5, equals, wide: true }),
  );
  return [
    { name: "execve", clauses: [{ when: words, verdict: "allow" }], otherwise: "refuse" },
    refuse("execveat"),
    refuse("fork"),
    refuse("vfork"),
    clone,
  ];
}

/** Signals, limits and priorities of other processes of the same user; and the ways around them. */
function processRules({ pid, run, signalsScoped }: FilterOptions): CallRule[] {
  const own = (name: SyscallName, argument: 0 | 1, targets = [0, pid]): CallRule => ({
    name,
    clauses: targets.map((equals) => ({ when: [{ argument, equals }], verdict: "allow" })),
    otherwise: "refuse",
  });
  const signals: CallRule[] = [
    own("kill", 0, [0, pid, -pid]),
    own("tgkill", 0, [pid]),
    own("rt_sigqueueinfo", 0, [pid]),
    own("rt_tgsigqueueinfo", 0, [pid]),
    ...(signalsScoped ? [] : [refuse("tkill")]),
  ];
  return [
    // With `run` there are children to signal, and only Landlock can tell them from strangers.
    ...(run ? [] : signals),
    own("prlimit64", 0),
    own("sched_setaffinity", 0),
    own("sched_setscheduler", 0),
    own("sched_setparam", 0),
    own("sched_setattr", 0),
    own("setpriority", 1),
    refuseValues("prctl", 0, [prSetDeathSignal]),
    refuseValues("fcntl", 1, [fSetOwner, fSetSignal, fSetOwnerEx]),
    refuseValues("ioctl", 1, [tiocSti, tiocLinux, fioSetOwner, siocSetGroup]),
    {
      name: "personality",
      clauses: [0, 0xffff_ffff].map((equals) => ({
        when: [{ argument: 0, equals }],
        verdict: "allow",
      })),
      otherwise: "refuse",
    },
  ];
}

function socketRules({ sockets, unixSockets }: FilterOptions): CallRule[] {
  const pair = (type: number): { when: Condition[]; verdict: "allow" } => ({
    when: [family(unix), { argument: 1, mask: typeMask, equals: type }],
    verdict: "allow",
  });
  return [
    { name: "socket", clauses: socketClauses(sockets, unixSockets), otherwise: "refuse" },
    // A datagram pair can be pointed at any Unix socket later; a stream pair cannot.
    { name: "socketpair", clauses: [pair(stream), pair(sequenced)], otherwise: "refuse" },
    ...(sockets === "open"
      ? []
      : [
          ...(["bind", "listen", "accept", "accept4"] as const).map(refuse),
          // TCP Fast Open connects while sending, past Landlock's check of connect.
          refuseFlag("sendto", 3, messageFastOpen),
          refuseFlag("sendmsg", 2, messageFastOpen),
          refuseFlag("sendmmsg", 3, messageFastOpen),
        ]),
  ];
}

function socketClauses(sockets: SocketPolicy, unixSockets: boolean): CallRule["clauses"] & {} {
  const tcp = (of: number, verdict: "allow" | "notify") =>
    [0, protocolTcp].map((protocol) => ({
      when: [family(of), type(stream), { argument: 2 as const, equals: protocol }],
      verdict,
    }));
  const anyUnix = unixSockets ? [{ when: [family(unix)], verdict: "allow" as const }] : [];
  // The proxy listens on 127.0.0.1 only; a program that tries IPv6 first goes on to IPv4.
  const noIpv6 = { when: [family(inet6)], verdict: "notSupported" as const };
  if (sockets === "none") return anyUnix;
  if (sockets === "brokered") return [...tcp(inet, "notify"), noIpv6, ...anyUnix];
  if (sockets === "proxied") return [...tcp(inet, "allow"), noIpv6, ...anyUnix];
  const udp = [inet, inet6].flatMap((of) =>
    [0, protocolUdp].map((protocol) => ({
      when: [family(of), type(datagram), { argument: 2 as const, equals: protocol }],
      verdict: "allow" as const,
    })),
  );
  const routes = { when: [family(netlink), { argument: 2 as const, equals: 0 }] };
  return [
    ...tcp(inet, "allow"),
    ...tcp(inet6, "allow"),
    ...udp,
    { ...routes, verdict: "allow" },
    ...anyUnix,
  ];
}

function fileRules({ writeAnywhere, watch }: FilterOptions): CallRule[] {
  const rules: CallRule[] = watch ? [] : [refuse("inotify_add_watch")];
  if (writeAnywhere) return rules;
  // Without a path it sets the times of an open file.
  const byDescriptor = { when: [{ argument: 1 as const, equals: 0, wide: true }] };
  return [
    ...rules,
    ...attributeCalls.map(refuse),
    {
      name: "utimensat",
      clauses: [{ ...byDescriptor, verdict: "allow" }],
      otherwise: "refuse",
    },
  ];
}

function refuse(name: SyscallName): CallRule {
  return { name, otherwise: "refuse" };
}

function refuseValues(name: SyscallName, argument: 0 | 1, values: readonly number[]): CallRule {
  return {
    name,
    clauses: values.map((equals) => ({ when: [{ argument, equals }], verdict: "refuse" })),
    otherwise: "allow",
  };
}

function refuseFlag(name: SyscallName, argument: 2 | 3, flag: number): CallRule {
  return {
    name,
    clauses: [{ when: [{ argument, mask: flag, equals: flag }], verdict: "refuse" }],
    otherwise: "allow",
  };
}

function family(equals: number): Condition {
  return { argument: 0, equals };
}

function type(equals: number): Condition {
  return { argument: 1, mask: typeMask, equals };
}

// linux/sched.h
const cloneThread = 0x0001_0000;
const cloneNamespaces = 0x7e02_0080;
// linux/prctl.h, fcntl.h, asm/ioctls.h
const prSetDeathSignal = 1;
const fSetOwner = 8;
const fSetSignal = 10;
const fSetOwnerEx = 15;
const tiocSti = 0x5412;
const tiocLinux = 0x541c;
const fioSetOwner = 0x8901;
const siocSetGroup = 0x8902;
// linux/socket.h, linux/net.h, linux/in.h
const unix = 1;
const inet = 2;
const inet6 = 10;
const netlink = 16;
const stream = 1;
const datagram = 2;
const sequenced = 5;
const typeMask = 0xf;
const protocolTcp = 6;
const protocolUdp = 17;
const messageFastOpen = 0x2000_0000;
