/**
 * A bundle that tries to get out: `attempts.js <name>…` writes what came of each, "done" or the
 * error.
 */
import { createSocket } from "node:dgram";
import { readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errno, syscall } from "../../src/edge/jail/libc.ts";
import type { SyscallName } from "../../src/edge/jail/syscalls.ts";

const { env } = process;
const answerLimitMs = 6000;
const runtime = process.ppid;
const sibling = Number(env.SIBLING ?? 0);
const outside = env.OUTSIDE ?? "/nowhere";

/** What engines read of their own process. */
const ownFiles = ["maps", "smaps", "stat", "statm", "status", "cgroup", "mountinfo"];

const attempts: Readonly<Record<string, () => unknown>> = {
  // Files.
  readPasswd: () => readFileSync("/etc/passwd"),
  readOutside: () => readFileSync(join(outside, "secret.txt"), "utf8"),
  listOutside: () => readdirSync(outside),
  readThroughProc: () => readFileSync(`/proc/self/root${outside}/secret.txt`),
  connectionTable: () => readFileSync("/proc/net/tcp"),
  connectionTableOfThread: () => readFileSync(`/proc/self/task/${process.pid}/net/tcp`),
  ownProcess: () => ownFiles.map((name) => readFileSync(`/proc/self/${name}`)),
  ownDescriptors: () => readdirSync("/proc/self/fd"),
  writeOutside: () => writeFileSync(join(outside, "written.txt"), "x"),
  writeBundle: () => writeFileSync(join(import.meta.dir, "attempts.js"), "x"),
  writeTemp: () => writeFileSync(join(tmpdir(), "mine.txt"), "x"),
  chmodOutside: () => raw("fchmodat", -100, join(outside, "secret.txt"), 0o777),
  touchOutside: () => raw("utimensat", -100, join(outside, "secret.txt"), 0, 0),
  // The runtime and the siblings.
  ownEnvironment: () => readFileSync("/proc/self/environ", "utf8").includes("SECRET"),
  hostSecret: () => env.SECRET ?? "unset",
  runtimeEnvironment: () => readFileSync(`/proc/${runtime}/environ`),
  runtimeArguments: () => readFileSync(`/proc/${runtime}/cmdline`),
  runtimeMemory: () => readFileSync(`/proc/${runtime}/mem`),
  siblingEnvironment: () => readFileSync(`/proc/${sibling}/environ`),
  siblingMemory: () => readFileSync(`/proc/${sibling}/mem`),
  siblingFolder: () => readlinkSync(`/proc/${sibling}/cwd`),
  listProcesses: () => readdirSync("/proc"),
  signalRuntime: () => process.kill(runtime, 0),
  signalSibling: () => process.kill(sibling, "SIGKILL"),
  signalSiblingThread: () => raw("tkill", sibling, 9),
  signalByQueue: () => raw("rt_sigqueueinfo", sibling, 9, new Uint8Array(128)),
  signalByOwner: () => raw("fcntl", 0, 8, sibling),
  traceSibling: () => raw("ptrace", 0x4206, sibling, 0, 0),
  readSibling: () => raw("process_vm_readv", sibling, 0, 0, 0, 0, 0),
  limitRuntime: () => raw("prlimit64", runtime, 7, new Uint8Array(16), 0),
  pinRuntime: () => raw("sched_setaffinity", runtime, 8, new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0])),
  outliveRuntime: () => raw("prctl", 1, 0),
  leaveGroup: () => raw("setsid"),
  // Execution.
  execShell: () => shell(Bun.spawnSync(["/bin/sh", "-c", "echo from sh"])),
  execCat: () => shell(Bun.spawnSync(["/bin/cat", "/etc/hostname"])),
  shellReadsOutside: () =>
    shell(Bun.spawnSync(["/bin/sh", "-c", `read x < ${outside}/secret.txt`])),
  execRaw: () => raw("execve", "/bin/sh", 0, 0),
  execGuessed: () => raw("execve", "/bin/sh", 0, 0, 1, 2, 3),
  execByDescriptor: () => raw("execveat", -100, "/bin/sh", 0, 0, 0),
  execMemory: () => raw("memfd_create", "x", 0),
  fork: () => raw("clone", 17, 0, 0, 0, 0),
  forkHidden: () => raw("clone3", new Uint8Array(88), 88),
  // The kernel.
  ...Object.fromEntries(
    kernelCalls().map((name) => [name, () => raw(name, 0, 0, 0, 0, 0)] as const),
  ),
  ring: () => raw("io_uring_setup", 1, new Uint8Array(120)),
  personality: () => raw("personality", 0x40000),
  shareMemory: () => raw("shmget", 0, 4096, 0o1600),
  // The network.
  tcp: () => tcp([127, 0, 0, 1], Number(env.PORT)),
  tcpElsewhere: () => tcp([192, 0, 2, 1], proxyPort()),
  tcpElsewhereAgain: () => disconnectThenConnect(proxyPort()),
  bindAnywhere: () => bindAnywhere(),
  tcpFastOpen: () => fastOpen(Number(env.PORT)),
  metadata: () => tcp([169, 254, 169, 254], 80),
  fetchMetadata: () => get("http://169.254.169.254/latest/meta-data/"),
  fetchTarget: () => get(env.TARGET ?? ""),
  udp,
  rawSocket: () => raw("socket", 2, 3, 1),
  packetSocket: () => raw("socket", 17, 3, 0),
  netlinkSocket: () => raw("socket", 16, 3, 0),
  multipathSocket: () => raw("socket", 2, 1, 262),
  unixSocket: () => raw("socket", 1, 1, 0),
  datagramPair: () => raw("socketpair", 1, 2, 0, new Uint8Array(8)),
  listen: () => raw("listen", 0, 1),
  // Filling things up; each bounded by itself as well.
  fillMemory,
  fillTemp: () => fillTemp({ files: 64, bytes: 1024 * 1024 }),
  fillOneFile: () => fillTemp({ files: 1, bytes: 8 * 1024 * 1024 }),
  openFiles,
};

const outcome: Record<string, unknown> = {};
for (const name of process.argv.slice(2)) {
  try {
    const attempt = attempts[name];
    if (!attempt) throw new Error("no such attempt");
    outcome[name] = (await Promise.race([attempt(), answerLimit()])) ?? "done";
  } catch (error) {
    outcome[name] = reason(error);
  }
  if (typeof outcome[name] === "object") outcome[name] = "done";
}
process.stdout.write(JSON.stringify(outcome));
process.exit(0);

/** A refusal that the engine swallows must not end the program without a word. */
function answerLimit(): Promise<string> {
  return new Promise((resolve) => setTimeout(resolve, answerLimitMs, "no answer"));
}

function reason(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

/** A system call that says which error it came back with. */
function raw(name: SyscallName, ...given: (number | string | Uint8Array)[]): string {
  const { value, errno: error } = syscall(name, ...given);
  if (value >= 0) return "done";
  throw { code: error, toString: () => errorName(error) };
}

function errorName(error: number): string {
  return Object.entries(errno).find(([, number]) => number === error)?.[0] ?? `error ${error}`;
}

function kernelCalls(): SyscallName[] {
  return [
    ...(["mount", "umount2", "pivot_root", "chroot", "open_tree", "fsopen", "move_mount"] as const),
    ...([
      "setns",
      "unshare",
      "bpf",
      "perf_event_open",
      "userfaultfd",
      "keyctl",
      "add_key",
    ] as const),
    ...(["kexec_load", "init_module", "open_by_handle_at", "process_vm_writev", "kcmp"] as const),
    ...(["pidfd_getfd", "pidfd_send_signal", "fanotify_init", "syslog", "acct"] as const),
  ];
}

function shell(result: { exitCode: number; stdout: Uint8Array; stderr: Uint8Array }): string {
  const text = `${Buffer.from(result.stdout)}${Buffer.from(result.stderr)}`.trim();
  return `exit ${result.exitCode}: ${text.replace(/^.*: /, "")}`;
}

/** Without the engine, which calls every refusal ECONNREFUSED. */
function tcp(host: readonly number[], port: number): string {
  const { value: socket, errno: error } = syscall("socket", 2, 1, 0);
  if (socket < 0) throw { toString: () => `no socket: ${errorName(error)}` };
  return raw("connect", socket, address(host, port), 16);
}

function proxyPort(): number {
  return Number(new URL(env.HTTP_PROXY ?? "http://none:1").port);
}

function address(host: readonly number[], port: number): Uint8Array {
  return new Uint8Array([2, 0, port >> 8, port & 0xff, ...host, 0, 0, 0, 0, 0, 0, 0, 0]);
}

/** Dissolves the association and connects again: the source address must have stayed. */
function disconnectThenConnect(port: number): string {
  const { value: socket } = syscall("socket", 2, 1, 0);
  syscall("connect", socket, address([127, 0, 0, 1], port), 16);
  syscall("connect", socket, new Uint8Array(16), 16);
  return raw("connect", socket, address([192, 0, 2, 1], port), 16);
}

function bindAnywhere(): string {
  const { value: socket } = syscall("socket", 2, 1, 0);
  return raw("bind", socket, address([0, 0, 0, 0], 0), 16);
}

function fastOpen(port: number): string {
  const { value: socket } = syscall("socket", 2, 1, 0);
  return raw("sendto", socket, "x", 1, 0x2000_0000, address([127, 0, 0, 1], port), 16);
}

async function get(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
  return `${response.status} ${(await response.text()).trim()}`;
}

async function udp(): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createSocket("udp4");
    socket.on("error", reject);
    socket.send("x", Number(env.PORT), "127.0.0.1", (error) =>
      error ? reject(error) : resolve("done"),
    );
  });
}

/** At most 512 MiB, 16 at a time. */
async function fillMemory(): Promise<string> {
  const held: Uint8Array[] = [];
  for (let block = 0; block < 32; block += 1) {
    held.push(new Uint8Array(16 * 1024 * 1024).fill(block + 1));
    await Bun.sleep(15);
  }
  return `held ${held.length} blocks`;
}

function openFiles(): string {
  const opened = Array.from({ length: 400 }, () => syscall("openat", -100, "/dev/null", 0, 0));
  const descriptors = opened.filter(({ value }) => value >= 0).map(({ value }) => value);
  for (const descriptor of descriptors) syscall("close", descriptor);
  return descriptors.length < 256 ? "stopped" : `opened ${descriptors.length}`;
}

async function fillTemp({ files, bytes }: { files: number; bytes: number }): Promise<string> {
  for (let file = 0; file < files; file += 1) {
    const path = join(tmpdir(), `file-${file}`);
    writeFileSync(path, new Uint8Array(bytes));
    if (statSync(path).size < bytes) return `cut at ${statSync(path).size} bytes`;
    await Bun.sleep(10);
  }
  return "done";
}
