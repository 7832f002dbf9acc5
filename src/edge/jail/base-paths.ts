import type { PathRule } from "./landlock.ts";

/**
 * What a program reads of its own folder of /proc. Landlock follows the file, not the name, and the process id outlives
 * execve, so these are this process's alone. Not the whole folder: `net`, also below each of `task`, holds the tables of
 * the network namespace, which tell every connection of the machine or the pod. Each file more costs each start about
 * 0.02 ms.
 */
const ownFiles: readonly string[] = [
  ...["auxv", "cmdline", "environ", "fd", "maps", "smaps", "stat", "statm", "status"],
  // Engines look for their bounds of memory and processors in these.
  ...["cgroup", "mounts", "mountinfo"],
];

/**
 * What a Bun, Node, Python or native program reads before its own code runs, and for TLS and time
 * zones. None of it is the operator's: no /etc/passwd, no home, no other process.
 */
const readable: readonly string[] = [
  "/lib",
  "/lib64",
  "/usr/lib",
  "/usr/lib64",
  "/etc/ld.so.cache",
  "/etc/localtime",
  "/etc/timezone",
  "/usr/share/zoneinfo",
  "/usr/share/locale/locale.alias",
  // Certificate roots and the settings of TLS; /etc/ssl/private stays closed.
  "/etc/ssl/certs",
  "/etc/ssl/openssl.cnf",
  "/etc/pki/tls/certs",
  "/etc/pki/tls/openssl.cnf",
  "/etc/pki/ca-trust/extracted",
  "/etc/crypto-policies",
  "/usr/share/ca-certificates",
  ...ownFiles.map((name) => `/proc/self/${name}`),
  "/proc/meminfo",
  "/proc/cpuinfo",
  "/proc/stat",
  "/proc/sys/vm/overcommit_memory",
  "/proc/sys/vm/mmap_min_addr",
  "/sys/devices/system/cpu",
  "/sys/fs/cgroup",
  "/sys/kernel/mm/transparent_hugepage",
  "/dev/urandom",
  "/dev/random",
];
/** How names are resolved: of use only to a program that resolves by itself. */
const resolverFiles: readonly string[] = [
  "/etc/resolv.conf",
  "/etc/hosts",
  "/etc/nsswitch.conf",
  "/etc/gai.conf",
  "/run/systemd/resolve/stub-resolv.conf",
];

/** The paths that every bundle may use. */
export function basePaths(options: { resolvesNames: boolean }): PathRule[] {
  return [
    ...[...readable, ...(options.resolvesNames ? resolverFiles : [])].map(
      (path): PathRule => ({ path, access: ["read"] }),
    ),
    { path: "/dev/null", access: ["device"] },
    { path: "/dev/zero", access: ["device"] },
  ];
}
