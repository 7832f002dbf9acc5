import type { CallerCondition, CallRule, Condition } from "./bpf.ts";
import type { SocketPolicy } from "./filter.ts";
import type { PathRule } from "./landlock.ts";
import type { SyscallName } from "./syscalls.ts";

/**
 * What the broker has to know of a bundle to tell what its jail refuses. The launcher hands it over;
 * `null` means that Landlock does not judge this here.
 */
export interface ReportPolicy {
  /** What Landlock lets through. */
  paths: readonly PathRule[] | null;
  /** Whether opening for reading is looked at. */
  tellReads: boolean;
  /**
   * Looking into these folders and those above them may be refused and is not told: engines do it at
   * each start, to find settings.
   */
  places: readonly string[];
  connectPorts: readonly number[] | null;
  sockets: SocketPolicy;
  /** True when the bundle may start programs. */
  run: boolean;
  /** True when Landlock keeps signals inside the jail. */
  signalsScoped: boolean;
}

/** Which arguments of a call hold a path, and what is done there. */
export interface PathCall {
  does: "open" | "make" | "remove" | "write";
  path: 0 | 1 | 2 | 3;
  /** The argument with the folder that a relative path starts from; without it, the working folder. */
  folder?: 0 | 1 | 2;
  /** The argument with the flags of `open`, or with a pointer to them. */
  flags?: 1 | 2;
}

/** Calls that Landlock judges by path. A call with two paths has two entries. */
export const pathCalls: Readonly<Partial<Record<SyscallName, readonly PathCall[]>>> = {
  open: [{ does: "open", path: 0, flags: 1 }],
  openat: [{ does: "open", path: 1, folder: 0, flags: 2 }],
  openat2: [{ does: "open", path: 1, folder: 0, flags: 2 }],
  creat: [{ does: "write", path: 0 }],
  truncate: [{ does: "write", path: 0 }],
  mkdir: [{ does: "make", path: 0 }],
  mkdirat: [{ does: "make", path: 1, folder: 0 }],
  symlink: [{ does: "make", path: 1 }],
  symlinkat: [{ does: "make", path: 2, folder: 1 }],
  rmdir: [{ does: "remove", path: 0 }],
  unlink: [{ does: "remove", path: 0 }],
  unlinkat: [{ does: "remove", path: 1, folder: 0 }],
  ...moves({ names: ["rename", "link"], from: { path: 0 }, to: { path: 1 } }),
  ...moves({
    names: ["renameat", "renameat2", "linkat"],
    from: { path: 1, folder: 0 },
    to: { path: 3, folder: 2 },
  }),
};

/** A new name for a file; a link leaves the old one, which it need not be allowed to remove. */
function moves(options: {
  names: readonly SyscallName[];
  from: Omit<PathCall, "does">;
  to: Omit<PathCall, "does">;
}): typeof pathCalls {
  const { names, from, to } = options;
  return Object.fromEntries(
    names.map((name): [SyscallName, PathCall[]] => [
      name,
      [
        ...(name.startsWith("rename") ? [{ ...from, does: "remove" as const }] : []),
        { ...to, does: "make" },
      ],
    ]),
  );
}

// fcntl.h, the same on both architectures.
export const openFlags = {
  accessMode: 0o3,
  readOnly: 0,
  writeOnly: 1,
  readWrite: 2,
  create: 0o100,
  pathOnly: 0o10000000,
  truncate: 0o1000,
} as const;

/**
 * Whether the broker lets a call through, for Landlock to judge, and only looks at it. Every other
 * call that is waiting at the broker is refused, but for sockets that it makes.
 */
export function isLetThrough(name: SyscallName, policy: ReportPolicy): boolean {
  if (name === "connect") return policy.connectPorts !== null;
  if (name === "execve") return policy.run && policy.paths !== null;
  if (name === "kill") return policy.run && policy.signalsScoped;
  return pathCalls[name] !== undefined && !isOpenEverywhere(policy);
}

/**
 * Makes refusals known: they are decided by the broker instead of the filter, and what Landlock is
 * going to refuse passes by it.
 * @param own Where the launcher's own code makes its calls: its engine reads a file now and then, and
 * between the filter's start and the handing over of its listener nobody would answer. Where that is
 * unknown, opening is not watched.
 */
export function reportingRules(
  rules: readonly CallRule[],
  policy: ReportPolicy,
  own: CallerCondition | undefined,
): CallRule[] {
  const asked = rules.map((rule): CallRule => {
    const verdict = rule.otherwise === "refuse" ? "notify" : rule.otherwise;
    const clauses = rule.clauses?.map((clause) =>
      clause.verdict === "refuse" ? { ...clause, verdict: "notify" as const } : clause,
    );
    return { ...rule, otherwise: verdict, ...(clauses && { clauses }) };
  });
  const named = new Set(rules.map(({ name }) => name));
  const judged = [...(Object.keys(pathCalls) as SyscallName[]), ...otherCalls];
  const watched = judged.filter((name) => !named.has(name) && isLetThrough(name, policy));
  return [...asked, ...watched.flatMap((name) => watchRule(name, policy, own))];
}

const otherCalls = ["connect", "execve", "kill"] as const;

function watchRule(
  name: SyscallName,
  policy: ReportPolicy,
  own: CallerCondition | undefined,
): CallRule[] {
  const call = pathCalls[name]?.[0];
  if (call?.does !== "open") return [{ name, otherwise: "notify" }];
  if (own === undefined) return [];
  const launchers = { when: [own], verdict: "allow" as const };
  if (name === "openat2" || call.flags === undefined || !isReadEverywhere(policy)) {
    return [{ name, clauses: [launchers], otherwise: "notify" }];
  }
  const changing = openFlags.accessMode | openFlags.create | openFlags.truncate;
  const reading: Condition = { argument: call.flags, mask: changing, equals: 0 };
  const reads = { when: [reading], verdict: "allow" as const };
  return [{ name, clauses: [launchers, reads], otherwise: "notify" }];
}

function isReadEverywhere({ paths, tellReads }: ReportPolicy): boolean {
  return !tellReads || isGrantedEverywhere(paths, "read");
}

function isOpenEverywhere(policy: ReportPolicy): boolean {
  return isReadEverywhere(policy) && isGrantedEverywhere(policy.paths, "write");
}

function isGrantedEverywhere(paths: ReportPolicy["paths"], wanted: "read" | "write"): boolean {
  if (paths === null) return true;
  return paths.some(({ path, access }) => path === "/" && access.includes(wanted));
}
