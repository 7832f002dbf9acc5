/**
 * The system calls that the jail makes or forbids, as [x86-64, arm64]; `null` where an architecture
 * has none. Both numberings agree from 424 on.
 */
const table = {
  // Made by the launcher and the broker, or looked at with their arguments.
  read: [0, 63],
  getsockopt: [55, 209],
  flock: [73, 32],
  readlinkat: [267, 78],
  write: [1, 64],
  getrandom: [318, 278],
  close: [3, 57],
  rt_sigaction: [13, 134],
  rt_sigprocmask: [14, 135],
  ioctl: [16, 29],
  getpid: [39, 172],
  socket: [41, 198],
  connect: [42, 203],
  sendto: [44, 206],
  sendmsg: [46, 211],
  recvmsg: [47, 212],
  bind: [49, 200],
  listen: [50, 201],
  accept: [43, 202],
  accept4: [288, 242],
  socketpair: [53, 199],
  setsockopt: [54, 208],
  sendmmsg: [307, 269],
  fcntl: [72, 25],
  getppid: [110, 173],
  setsid: [112, 157],
  setpgid: [109, 154],
  prctl: [157, 167],
  capset: [126, 91],
  openat: [257, 56],
  prlimit64: [302, 261],
  seccomp: [317, 277],
  close_range: [436, 436],
  landlock_create_ruleset: [444, 444],
  landlock_add_rule: [445, 445],
  landlock_restrict_self: [446, 446],
  execve: [59, 221],
  execveat: [322, 281],
  ppoll: [271, 73],
  clone: [56, 220],
  clone3: [435, 435],
  fork: [57, null],
  vfork: [58, null],
  kill: [62, 129],
  tkill: [200, 130],
  tgkill: [234, 131],
  rt_sigqueueinfo: [129, 138],
  rt_tgsigqueueinfo: [297, 240],
  setpriority: [141, 140],
  sched_setaffinity: [203, 122],
  sched_setscheduler: [144, 119],
  sched_setparam: [142, 118],
  sched_setattr: [314, 274],
  personality: [135, 92],
  utimensat: [280, 88],
  // Other processes.
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  process_madvise: [440, 440],
  process_mrelease: [448, 448],
  pidfd_getfd: [438, 438],
  pidfd_send_signal: [424, 424],
  kcmp: [312, 272],
  ioprio_set: [251, 30],
  migrate_pages: [256, 238],
  move_pages: [279, 239],
  // Mounts, namespaces and file handles.
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  statmount: [457, 457],
  listmount: [458, 458],
  setns: [308, 268],
  unshare: [272, 97],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  fanotify_init: [300, 262],
  // The kernel itself.
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  acct: [163, 89],
  syslog: [103, 116],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  adjtimex: [159, 171],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  vhangup: [153, 58],
  lookup_dcookie: [212, 18],
  modify_ldt: [154, null],
  iopl: [172, null],
  ioperm: [173, null],
  // Memory that no resident set shows.
  memfd_create: [319, 279],
  memfd_secret: [447, 447],
  shmget: [29, 194],
  shmat: [30, 196],
  msgget: [68, 186],
  semget: [64, 190],
  mq_open: [240, 180],
  // Judged by Landlock, and reported when it refuses them.
  open: [2, null],
  creat: [85, null],
  openat2: [437, 437],
  mkdir: [83, null],
  mkdirat: [258, 34],
  rmdir: [84, null],
  unlink: [87, null],
  unlinkat: [263, 35],
  rename: [82, null],
  renameat: [264, 38],
  renameat2: [316, 276],
  link: [86, null],
  linkat: [265, 37],
  symlink: [88, null],
  symlinkat: [266, 36],
  truncate: [76, 45],
  // Changes of files that Landlock does not see.
  chmod: [90, null],
  fchmodat: [268, 53],
  fchmodat2: [452, 452],
  chown: [92, null],
  lchown: [94, null],
  fchownat: [260, 54],
  utime: [132, null],
  utimes: [235, null],
  futimesat: [261, null],
  setxattr: [188, 5],
  lsetxattr: [189, 6],
  removexattr: [197, 14],
  lremovexattr: [198, 15],
  inotify_add_watch: [254, 27],
} as const satisfies Record<string, readonly [number, number | null]>;

export type SyscallName = keyof typeof table;

/** An architecture that the jail knows. */
export type Architecture = "x64" | "arm64";

/**
 * The first number that was unknown when this table was written: newer calls answer "not
 * implemented".
 */
export const firstUnknownSyscall = 463;

/** This machine's architecture; undefined where there is no jail. */
export function architecture(): Architecture | undefined {
  return process.arch === "x64" || process.arch === "arm64" ? process.arch : undefined;
}

/** The number of a system call; undefined where the architecture has none. */
export function syscallNumber(
  name: SyscallName,
  machine: Architecture | undefined = architecture(),
): number | undefined {
  if (machine === undefined) return undefined;
  return table[name][machine === "x64" ? 0 : 1] ?? undefined;
}

/** The name of a system call on this machine; undefined when the table has no such number. */
export function syscallName(number: number): SyscallName | undefined {
  const machine = architecture();
  // The table's own keys.
  names ??= new Map(
    (Object.keys(table) as SyscallName[]).map((name) => [syscallNumber(name, machine), name]),
  );
  return names.get(number);
}

let names: Map<number | undefined, SyscallName> | undefined;
