import type { SyscallName } from "./syscalls.ts";

/** Never needed by a server, each a way out of the jail or into another process. */
export const alwaysRefused: readonly SyscallName[] = [
  ...(["ptrace", "process_vm_readv", "process_vm_writev", "process_madvise"] as const),
  ...(["process_mrelease", "pidfd_getfd", "pidfd_send_signal", "kcmp"] as const),
  ...(["ioprio_set", "migrate_pages", "move_pages"] as const),
  ...(["mount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount", "fsopen"] as const),
  ...(["fsconfig", "fsmount", "fspick", "mount_setattr", "statmount", "listmount"] as const),
  ...(["setns", "unshare", "name_to_handle_at", "open_by_handle_at"] as const),
  ...(["quotactl", "quotactl_fd", "fanotify_init"] as const),
  ...(["bpf", "perf_event_open", "userfaultfd", "add_key", "request_key", "keyctl"] as const),
  ...(["kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module"] as const),
  ...(["reboot", "swapon", "swapoff", "acct", "syslog", "settimeofday", "clock_settime"] as const),
  ...(["clock_adjtime", "adjtimex", "sethostname", "setdomainname", "vhangup"] as const),
  ...(["lookup_dcookie", "modify_ldt", "iopl", "ioperm"] as const),
  // Leaving the process group would outlive the kill of the group.
  ...(["setsid", "setpgid"] as const),
  ...(["memfd_secret", "shmget", "shmat", "msgget", "semget", "mq_open"] as const),
];
/**
 * Programs fall back to the older call when these do not exist. `clone3` hides its flags from a
 * filter.
 */
export const alwaysUnimplemented: readonly SyscallName[] = [
  ...(["io_uring_setup", "io_uring_enter", "io_uring_register", "clone3"] as const),
  // A memfd counts towards no resident set and can be executed; `fchmodat2` is `fchmodat` with
  // flags.
  ...(["memfd_create", "fchmodat2"] as const),
];
/**
 * Work by path on every file of the user, which all bundles and Berth share, and Landlock does not
 * see them.
 */
export const attributeCalls: readonly SyscallName[] = [
  ...([
    "chmod",
    "fchmodat",
    "chown",
    "lchown",
    "fchownat",
    "utime",
    "utimes",
    "futimesat",
  ] as const),
  ...(["setxattr", "lsetxattr", "removexattr", "lremovexattr"] as const),
];
