import { readFileSync } from "node:fs";
import { release } from "node:os";
import { openBroker } from "./jail/broker.ts";
import { readSupport } from "./jail/read-support.ts";
import type { JailSupport } from "./jail/support.ts";
import { unenforced } from "./jail/unenforced.ts";
import { noPermissions, type Permissions } from "./permissions.ts";

/** One thing that a jail consists of, tried on this machine. */
export interface Finding {
  name: string;
  works: boolean;
  /** What it is good for where it works, else what is missing. */
  detail: string;
}

/** What `berth doctor` reports: found by jailing a process and trying. */
export interface Diagnosis {
  kernel: string;
  user: number;
  /** True when the process has no capability at all, as in a restricted pod. */
  isUnprivileged: boolean;
  support: JailSupport;
  findings: Finding[];
  /** Which of the usual grants mode `enforce` can run here; the others need `best-effort`. */
  enforceable: Record<keyof typeof usualGrants, boolean>;
}

const usualGrants = {
  nothing: {},
  files: { read: ["/srv"], write: ["/srv"] },
  hosts: { net: ["api.example.org:443"] },
  programs: { run: ["git"] },
} as const;

interface Check {
  key: Exclude<keyof JailSupport, "landlockAbi">;
  name: string;
  good: string;
  lacking: string;
}

const checks: readonly Check[] = [
  {
    key: "paths",
    name: "files by path",
    good: "a file that was not granted could not be opened",
    lacking: "needs Landlock (Linux 5.13, RHEL 9.6), enabled at boot (lsm=landlock,…)",
  },
  {
    key: "processes",
    name: "other processes",
    good: "the environment of another process could not be read",
    lacking: "needs Landlock; without it, bundles of one user can read one another",
  },
  {
    key: "calls",
    name: "system calls",
    good: "execution, UDP and namespaces were refused by the filter",
    lacking: "needs seccomp filters (CONFIG_SECCOMP_FILTER) and no profile that forbids adding one",
  },
  {
    key: "ports",
    name: "TCP ports",
    good: "a port that was not granted could not be connected to",
    lacking: "needs Landlock ABI 4 (Linux 6.7, RHEL 9.6)",
  },
  {
    key: "broker",
    name: "this machine only",
    good: "a socket made by the broker could not leave this machine",
    lacking:
      "needs seccomp notification with descriptors (Linux 5.14); then host lists hold by port only",
  },
  {
    key: "signals",
    name: "signals",
    good: "a process outside the jail could not be signalled",
    lacking:
      "needs Landlock ABI 6 with scoping (Linux 6.12); matters to bundles that may run programs",
  },
];

/**
 * Tries what this kernel enforces.
 * @param folder A folder of this user alone with a short path, for the broker's socket.
 */
export async function diagnose(launcher: readonly string[], folder: string): Promise<Diagnosis> {
  const isLinux = process.platform === "linux";
  // A machine where the broker cannot start is described, too.
  const broker = isLinux ? await openBroker(launcher, folder).catch(() => undefined) : undefined;
  const support = await readSupport(launcher, broker?.path);
  await broker?.close();
  return {
    kernel: `${process.platform} ${release()} ${process.arch}`,
    user: process.getuid?.() ?? -1,
    isUnprivileged: isLinux && effectiveCapabilities() === 0n,
    support,
    findings: checks.map(({ key, name, good, lacking }) => ({
      name,
      works: support[key],
      detail: support[key] ? good : lacking,
    })),
    enforceable: enforceableGrants(support),
  };
}

/** The diagnosis in plain words, one finding a line. */
export function describeDiagnosis({ kernel, user, isUnprivileged, ...rest }: Diagnosis): string {
  const { findings, support, enforceable } = rest;
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.map(
    ({ name, works, detail }) => `${works ? "yes" : "NO "}  ${name.padEnd(width)}  ${detail}`,
  );
  const refused = Object.entries(enforceable).filter(([, holds]) => !holds);
  const verdict =
    refused.length === 0
      ? 'Mode "enforce" can run every bundle here.'
      : `Mode "enforce" refuses bundles that are granted ${refused.map(([name]) => name).join(", ")}.`;
  const privileges = isUnprivileged ? "no capabilities" : "with capabilities, which jails give up";
  return [
    `kernel ${kernel}, Landlock ABI ${support.landlockAbi}, user ${user} ${privileges}`,
    ...lines,
    verdict,
  ].join("\n");
}

function enforceableGrants(support: JailSupport): Diagnosis["enforceable"] {
  const holds = (grants: Partial<Record<keyof Permissions, readonly string[]>>): boolean => {
    const rules = Object.entries(grants).map(([kind, allow]) => [kind, { allow, deny: [] }]);
    const permissions = { ...noPermissions, ...Object.fromEntries(rules) };
    return unenforced({ permissions, support, brokerPath: "" }).length === 0;
  };
  return {
    nothing: holds(usualGrants.nothing),
    files: holds(usualGrants.files),
    hosts: holds(usualGrants.hosts),
    programs: holds(usualGrants.programs),
  };
}

function effectiveCapabilities(): bigint {
  const status = readFileSync("/proc/self/status", "latin1");
  return BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? "0"}`);
}
