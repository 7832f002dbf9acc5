import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { all, type Cell, isRoot, openCell, out, users } from "../../../tests/edge/cell.ts";

describe.skipIf(process.platform !== "linux").each(users)("a bundle run by %s", (_, wrapper) => {
  let cell: Cell;
  beforeAll(async () => {
    cell = await openCell(wrapper);
  });
  afterAll(() => cell.close());

  const notGranted = (verb: string, paths: readonly string[]) =>
    paths.map((path) => `openat: ${verb} "${path}": the path is not granted`);
  const uncovered = (name: string) => `${name}: call ${name}: no grant covers it`;

  test("reads and writes nothing outside its folder and its temporary folder", async () => {
    const expected = {
      ...all("EACCES", ["readPasswd", "readOutside", "listOutside", "readThroughProc"]),
      ...all("EACCES", ["writeOutside", "writeBundle"]),
      ...all("EPERM", ["chmodOutside", "touchOutside"]),
      writeTemp: "done",
    };
    const before = statSync(join(cell.prison.outside, "secret.txt")).mtimeMs;
    const attributes = "writing everywhere is not granted";
    const refusals = [
      ...notGranted("read", ["/etc/passwd", "OUTSIDE", "OUTSIDE/secret.txt"]),
      ...notGranted("read", ["/proc/self/rootOUTSIDE/secret.txt"]),
      ...notGranted("write", ["OUTSIDE/written.txt", "BUNDLE/attempts.js"]),
      ...["fchmodat", "utimensat"].map((name) => `${name}: call ${name}: ${attributes}`),
    ];
    expect(await cell.outcomes(Object.keys(expected))).toEqual(out(expected, refusals));
    expect({
      written: existsSync(join(cell.prison.outside, "written.txt")),
      touched: statSync(join(cell.prison.outside, "secret.txt")).mtimeMs !== before,
    }).toEqual({ written: false, touched: false });
  });

  test("reads and writes what it was granted", async () => {
    const grants = { read: ["/etc/passwd", cell.prison.outside], write: [cell.prison.outside] };
    const expected = all("done", ["readPasswd", "listOutside", "writeOutside", "writeTemp"]);
    const names = ["readOutside", ...Object.keys(expected)];
    expect(await cell.outcomes(names, grants)).toEqual(
      out({ readOutside: "a secret", ...expected }),
    );
    expect(readFileSync(join(cell.prison.outside, "written.txt"), "utf8")).toBe("x");
  });

  test("sees its own process, and not the connections of the machine", async () => {
    const expected = {
      ...all("done", ["ownProcess", "ownDescriptors"]),
      ...all("EACCES", ["connectionTable", "connectionTableOfThread"]),
    };
    const refused = "the path is not granted";
    expect(await cell.outcomes(Object.keys(expected))).toEqual({
      ...out(expected),
      refusals: [
        `openat: read "/proc/net/tcp": ${refused}`,
        // Named by the thread's number.
        expect.stringMatching(/^openat: read "\/proc\/self\/task\/\d+\/net\/tcp": the path/),
      ],
    });
    expect(await cell.outcomes(["connectionTable"], { net: true })).toEqual(
      out({ connectionTable: "EACCES" }, notGranted("read", ["/proc/net/tcp"])),
    );
  });

  test("learns nothing of the runtime and its siblings, not even with every file granted", async () => {
    const closed = {
      ...all("EACCES", ["runtimeEnvironment", "runtimeMemory"]),
      ...all("EACCES", ["siblingEnvironment", "siblingMemory", "siblingFolder"]),
    };
    const listed = all("EACCES", ["runtimeArguments", "listProcesses"]);
    const own = { hostSecret: "unset", ownEnvironment: false };
    const names = Object.keys({ ...closed, ...listed, ...own });
    const files = ["RUNTIME/environ", "RUNTIME/mem", "RUNTIME/cmdline"];
    const siblings = ["SIBLING/environ", "SIBLING/mem"];
    const paths = ["/proc", ...[...files, ...siblings].map((file) => `/proc/${file}`)];
    expect(await cell.outcomes(names)).toEqual(
      out({ ...closed, ...listed, ...own }, notGranted("read", paths)),
    );
    const everyFile = { read: true, write: true, run: true };
    expect(await cell.outcomes(Object.keys(closed), everyFile)).toEqual(out(closed));
    expect(await cell.outcomes(["hostSecret"], { env: ["SECRET"] })).toEqual(
      out({ hostSecret: "the runtime's" }),
    );
  });

  test("neither signals, traces nor limits another process, nor leaves its group", async () => {
    const signals = ["signalRuntime", "signalSibling", "signalSiblingThread", "signalByQueue"];
    const others = ["signalByOwner", "traceSibling", "readSibling", "limitRuntime", "pinRuntime"];
    const expected = all("EPERM", [...signals, ...others, "outliveRuntime", "leaveGroup"]);
    const signalled = ["kill: signal process RUNTIME", "kill: signal process SIBLING"].map(
      (attempt) => `${attempt}: it is not its own process`,
    );
    const limits = ["prlimit64", "sched_setaffinity"].map(
      (name) => `${name}: ${name} process RUNTIME: it is not its own process`,
    );
    const calls = ["ptrace", "process_vm_readv", "fcntl", "prctl", "setsid"].map(uncovered);
    const queued = "rt_sigqueueinfo: signal process SIBLING: it is not its own process";
    const refusals = [...signalled, ...limits, ...calls];
    expect(await cell.outcomes(Object.keys(expected))).toEqual(
      out(expected, [...refusals, queued]),
    );
    // With `run` there may be processes of its own to signal: there Landlock tells them from
    // strangers.
    expect(await cell.outcomes(Object.keys(expected), { run: true, read: true })).toEqual(
      out(expected, refusals),
    );
    expect(process.kill(cell.sibling.pid, 0)).toBe(true);
  });

  test("starts no program and no process", async () => {
    const expected = {
      ...all("EPERM", ["execShell", "execRaw", "execGuessed", "execByDescriptor", "fork"]),
      ...all("ENOSYS", ["execMemory", "forkHidden"]),
    };
    const refusals = [
      ...["execve", "execveat"].map((name) => `${name}: execute "/bin/sh": no program is granted`),
      ...["clone", "vfork"].map((name) => `${name}: start a process: no program is granted`),
    ];
    expect(await cell.outcomes(Object.keys(expected))).toEqual(out(expected, refusals));
  });

  test("starts the programs that it was granted, in the same jail", async () => {
    const expected = {
      execShell: "exit 0: from sh",
      execCat: "EACCES",
      shellReadsOutside: "exit 2: Permission denied",
      execMemory: "ENOSYS",
    };
    const refusals = [
      'execve: execute "/bin/cat": the program is not granted',
      ...notGranted("read", ["OUTSIDE/secret.txt"]),
    ];
    expect(await cell.outcomes(Object.keys(expected), { run: ["sh"] })).toEqual(
      out(expected, refusals),
    );
  });

  test("makes no call that administers the kernel", async () => {
    const calls = [
      ...["mount", "umount2", "pivot_root", "chroot", "open_tree", "fsopen", "move_mount"],
      ...["setns", "unshare", "bpf", "perf_event_open", "userfaultfd", "keyctl", "add_key"],
      ...["kexec_load", "init_module", "open_by_handle_at", "process_vm_writev", "kcmp"],
      ...["pidfd_getfd", "pidfd_send_signal", "fanotify_init", "syslog", "acct"],
      ...["personality", "shareMemory"],
    ];
    const expected = { ...all("EPERM", calls), ring: "ENOSYS" };
    const refusals = calls.map((name) => uncovered(name === "shareMemory" ? "shmget" : name));
    expect(await cell.outcomes(Object.keys(expected))).toEqual(out(expected, refusals));
    expect(await cell.outcomes(calls, { read: true, write: true, net: true, run: true })).toEqual(
      out(all("EPERM", calls), refusals),
    );
  });

  test("runs no code of its folder before there is a jail", async () => {
    const escaped = join(cell.prison.outside, "escaped.txt");
    const write = `require("node:fs").writeFileSync(${JSON.stringify(escaped)}, "x")`;
    // In the jail it may run, and is refused; another end of it would end the program.
    const tried = `try { ${write} } catch (error) { if (error.code !== "EACCES") throw error; }`;
    writeFileSync(join(cell.prison.bundle, "preload.js"), tried);
    writeFileSync(join(cell.prison.bundle, "bunfig.toml"), 'preload = ["./preload.js"]');
    writeFileSync(join(cell.prison.bundle, ".env"), "SECRET=of the bundle");
    try {
      const { out: attempted } = await cell.prison.attempt(["writeTemp"], { env: cell.env });
      expect({ attempted, escaped: existsSync(escaped) }).toEqual({
        attempted: { writeTemp: "done" },
        escaped: false,
      });
    } finally {
      for (const name of ["preload.js", "bunfig.toml", ".env"])
        rmSync(join(cell.prison.bundle, name));
    }
  });

  test.skipIf(!isRoot)(
    "keeps its own part of /proc when the kernel drops its cache",
    async () => {
      // Its rule is bound to a file that lives in the cache alone; without a descriptor on it, the
      // rule ends there.
      const program = `const { readFileSync, existsSync } = require("node:fs");
      const { join } = require("node:path");
      while (!existsSync(process.env.DROPPED)) Bun.sleepSync(5);
      console.log(readFileSync("/proc/self/status").length > 0 && require("node:os").freemem() > 0)`;
      const dropped = join(cell.prison.outside, "dropped");
      const child = await cell.prison.start(cell.prison.runtime, ["-e", program], {
        env: { DROPPED: dropped },
      });
      await Bun.sleep(100);
      writeFileSync("/proc/sys/vm/drop_caches", "2");
      writeFileSync(dropped, "");
      expect(await child.result).toMatchObject({ out: true, stderr: "" });
      // The kernel may take its time on a busy machine.
    },
    30_000,
  );

  test("a shell and a Python program are held as a Bun program is", async () => {
    const shell = "cat /etc/passwd; read x < /etc/passwd; echo x > /tmp/out-of-jail; kill -0 $PPID";
    const held = await cell.prison.run("/bin/sh", ["-c", shell], { grants: { run: ["cat"] } });
    const reasons = held.stderr.replaceAll(/^.*: /gm, "").split("\n").filter(Boolean);
    const denied = "Permission denied";
    expect(reasons).toEqual([denied, denied, denied, "Operation not permitted"]);
    if (!existsSync("/usr/bin/python3")) return;
    const python = await cell.prison.run("/usr/bin/python3", ["-c", pythonEscape]);
    expect(python).toMatchObject({ out: [13, 1, 1, 1], stderr: "" });
  });
});

/** Each attempt's errno: a file, a process, a fork, a socket. */
const pythonEscape = `
import json, os, socket, subprocess
def attempt(f):
    try:
        f()
        return 0
    except OSError as error:
        return error.errno
print(json.dumps([
    attempt(lambda: open("/etc/passwd")),
    attempt(lambda: subprocess.run(["/bin/true"])),
    attempt(os.fork),
    attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)),
]))`;
