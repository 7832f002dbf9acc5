import type { Access, PathRule } from "./landlock.ts";
import type { Observation } from "./observation.ts";
import { absolutePath, type Caller, isThere, readFile, realName, realPath } from "./real-path.ts";
import { quote, type Refusal } from "./refusal.ts";
import type { FileUse } from "./report.ts";
import { openFlags, type PathCall, pathCalls, type ReportPolicy } from "./report-policy.ts";

// linux/socket.h
const inet = 2;
const loopback = 127;
/** How many paths of rules are remembered resolved; all bundles share the most of them. */
const resolvedLimit = 4096;

/**
 * Whether Landlock refuses a call that was let through to it, in words; it has decided by itself.
 * What it judges is the file and here it is its path, so a file that was renamed meanwhile may be
 * told wrongly.
 */
export class Judge {
  readonly #resolved = new Map<string, string>();

  /** `onUse` hears of the granted places that it lets through. */
  findRefusals(
    seen: Observation,
    policy: ReportPolicy,
    { child, onUse }: { child: number; onUse(use: FileUse): void },
  ): Refusal[] {
    const caller = { child, thread: seen.thread };
    const { name } = seen;
    const found: readonly (Omit<Refusal, "call"> | undefined)[] =
      name === "connect"
        ? [refusalOfAddress(seen.address, policy)]
        : name === "kill"
          ? [refusalOfSignal(seen, child)]
          : this.#refusalsOfPaths(seen, policy, { ...caller, onUse });
    return found.flatMap((refusal) => (refusal === undefined ? [] : [{ call: name, ...refusal }]));
  }

  #refusalsOfPaths(
    seen: Observation,
    policy: ReportPolicy,
    caller: Caller & { onUse(use: FileUse): void },
  ) {
    const execution: readonly PathCall[] = [{ does: "open", path: 0 }];
    const entries = pathCalls[seen.name] ?? execution;
    return entries.map((entry, index) => {
      const path = seen.paths[index];
      if (path === undefined || path === "") return undefined;
      const folder =
        entry.folder === undefined
          ? undefined
          : Number(BigInt.asIntN(32, seen.args[entry.folder] ?? 0n));
      const absolute = absolutePath(path, folder, caller);
      if (absolute === undefined) return undefined;
      const wanted = wantedOf(seen, entry, absolute);
      if (wanted === undefined) return undefined;
      const covering = wanted.access.map((one) => ({
        one,
        rules: this.#rulesOver(policy, { ...wanted, one, caller }),
      }));
      const denied = covering.find(({ rules }) => rules.length === 0)?.one;
      if (denied === undefined) {
        for (const { one, rules } of covering) tellUses(one, rules, { policy, caller });
        return undefined;
      }
      if (this.#isLookedThrough(wanted.target, seen, policy)) return undefined;
      const verb = entry.does === "open" ? denied : entry.does;
      const reason = denied === "run" ? "the program is not granted" : "the path is not granted";
      return { attempt: `${verbs[verb]} ${quote(path)}`, reason };
    });
  }

  #rulesOver(
    { paths }: ReportPolicy,
    { target, one, caller }: { target: string; one: Access; caller: Caller },
  ): PathRule[] {
    return (paths ?? []).filter(({ path, access }) => {
      if (!grants(access, one)) return false;
      const real = path.startsWith("/proc/self")
        ? path.replace("/proc/self", `/proc/${caller.child}`)
        : this.#resolve(path);
      return real === "/" || target === real || target.startsWith(`${real}/`);
    });
  }

  /** Whether a folder is only on the way to what was granted; nothing but reading it is tried. */
  #isLookedThrough(
    target: string,
    { name, flags }: Observation,
    { places }: ReportPolicy,
  ): boolean {
    if (!name.startsWith("open") || !(flags & directoryOnly())) return false;
    const above = target === "/" ? "/" : `${target}/`;
    return places.some((place) => `${this.#resolve(place)}/`.startsWith(above));
  }

  #resolve(path: string): string {
    const known = this.#resolved.get(path);
    if (known !== undefined) return known;
    if (this.#resolved.size >= resolvedLimit) this.#resolved.clear();
    const real = realPath(path) ?? path;
    this.#resolved.set(path, real);
    return real;
  }
}

/** Of the rules that let a file be opened, those that its operator wrote; the base of every jail says nothing. */
function tellUses(
  one: Access,
  rules: readonly PathRule[],
  { policy, caller }: { policy: ReportPolicy; caller: { onUse(use: FileUse): void } },
): void {
  if (one !== "read" && one !== "write") return;
  for (const { path, access } of rules) {
    if (access.includes(one) && policy.places.includes(path)) caller.onUse({ used: one, path });
  }
}

/** O_DIRECTORY. */
function directoryOnly(): number {
  return process.arch === "arm64" ? 0o40000 : 0o200000;
}

const verbs = {
  ...{ read: "read", write: "write", run: "execute", device: "use" },
  ...{ make: "make", remove: "remove" },
} as const;

/** What a call needs of which file; undefined when it comes to no judgement, as nothing is there. */
function wantedOf(
  { name, flags }: Observation,
  { does }: PathCall,
  path: string,
): { target: string; access: readonly Access[] } | undefined {
  if (does === "make" || does === "remove") {
    const target = realName(path);
    if (target === undefined || isThere(target) === (does === "make")) return undefined;
    return { target, access: ["write"] };
  }
  const real = realPath(path);
  if (name === "execve") return real === undefined ? undefined : { target: real, access: ["run"] };
  if (does === "write") {
    const target = real ?? (name === "creat" ? realName(path) : undefined);
    return target === undefined ? undefined : { target, access: ["write"] };
  }
  if (flags & openFlags.pathOnly) return undefined;
  const made = real === undefined && flags & openFlags.create ? realName(path) : undefined;
  const target = real ?? made;
  if (target === undefined) return undefined;
  const mode = flags & openFlags.accessMode;
  const reads = mode === openFlags.readOnly || mode === openFlags.readWrite;
  const writes = mode !== openFlags.readOnly || flags & openFlags.truncate || made !== undefined;
  return {
    target,
    access: [...(reads ? (["read"] as const) : []), ...(writes ? (["write"] as const) : [])],
  };
}

function grants(access: readonly Access[], wanted: Access): boolean {
  if (access.includes(wanted)) return true;
  if (wanted === "run") return false;
  return access.includes("device") || (wanted === "read" && access.includes("run"));
}

function refusalOfAddress(
  address: Uint8Array,
  { connectPorts, sockets }: ReportPolicy,
): Omit<Refusal, "call"> | undefined {
  const [low = 0, high = 0, portHigh = 0, portLow = 0, ...rest] = address;
  if (low + high * 256 !== inet || connectPorts === null) return undefined;
  const port = portHigh * 256 + portLow;
  // A socket of the broker's cannot leave this machine, whatever the port.
  const isNear = sockets !== "brokered" || rest[0] === loopback;
  if (isNear && connectPorts.includes(port)) return undefined;
  return {
    attempt: `connect to ${rest.slice(0, 4).join(".")}:${port}`,
    reason: "only Berth's proxy may be reached",
  };
}

/** Of a bundle that may start programs: its processes are one group, which none of them can leave. */
function refusalOfSignal({ args }: Observation, child: number): Omit<Refusal, "call"> | undefined {
  const target = Number(BigInt.asIntN(32, args[0] ?? 0n));
  const group = target < -1 ? -target : groupOfProcess(target);
  if (group === undefined || group === child) return undefined;
  return { attempt: `signal process ${target}`, reason: "it is not its own process" };
}

function groupOfProcess(pid: number): number | undefined {
  if (pid <= 0) return undefined;
  const stat = readFile(`/proc/${pid}/stat`) ?? "";
  const group = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]);
  return Number.isInteger(group) && group > 0 ? group : undefined;
}
