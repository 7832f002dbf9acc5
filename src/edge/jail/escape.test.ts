import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openPrison, type Prison, type Started } from "../../../tests/edge/jailed.ts";

const isRoot = process.getuid?.() === 0;
/**
 * What OpenShift's restricted-v2 makes of a container: any user id, no capability, no way to a
 * privilege.
 */
const arbitraryUser = [
  ...["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"],
  ...["--no-new-privs", "--bounding-set=-all"],
];
const users = [
  ["this user", []],
  ...(isRoot ? ([["an arbitrary user id without capabilities", arbitraryUser]] as const) : []),
] as const;

describe.skipIf(process.platform !== "linux").each(users)("a bundle run by %s", (_, wrapper) => {
  let prison: Prison;
  let sibling: Started;
  let server: ReturnType<typeof Bun.serve>;
  let env: Record<string, string>;
  const local = () => `127.0.0.1:${server.port}`;

  beforeAll(async () => {
    prison = await openPrison({ wrapper });
    sibling = await prison.start(prison.runtime, ["-e", "setTimeout(() => {}, 60_000)"]);
    server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("reached") });
    const target = `http://${local()}/`;
    env = {
      SIBLING: `${sibling.pid}`,
      OUTSIDE: prison.outside,
      PORT: `${server.port}`,
      TARGET: target,
    };
  });
  afterAll(async () => {
    sibling.kill();
    await sibling.result;
    await server.stop(true);
    await prison.close();
  });

  async function outcomes(names: readonly string[], grants: unknown = {}): Promise<unknown> {
    const result = await prison.attempt(names, { env, grants });
    return { out: result.out, stderr: result.stderr, exitCode: result.exitCode };
  }
  const all = (outcome: string, names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, outcome]));
  const out = (expected: Record<string, unknown>) => ({ out: expected, stderr: "", exitCode: 0 });

  test("reads and writes nothing outside its folder and its temporary folder", async () => {
    const expected = {
      ...all("EACCES", ["readPasswd", "readOutside", "listOutside", "readThroughProc"]),
      ...all("EACCES", ["writeOutside", "writeBundle"]),
      ...all("EPERM", ["chmodOutside", "touchOutside"]),
      writeTemp: "done",
    };
    const before = statSync(join(prison.outside, "secret.txt")).mtimeMs;
    expect(await outcomes(Object.keys(expected))).toEqual(out(expected));
    expect({
      written: existsSync(join(prison.outside, "written.txt")),
      touched: statSync(join(prison.outside, "secret.txt")).mtimeMs !== before,
    }).toEqual({ written: false, touched: false });
  });

  test("reads and writes what it was granted", async () => {
    const grants = { read: ["/etc/passwd", prison.outside], write: [prison.outside] };
    const expected = all("done", ["readPasswd", "listOutside", "writeOutside", "writeTemp"]);
    const names = ["readOutside", ...Object.keys(expected)];
    expect(await outcomes(names, grants)).toEqual(out({ readOutside: "a secret", ...expected }));
    expect(readFileSync(join(prison.outside, "written.txt"), "utf8")).toBe("x");
  });

  test("learns nothing of the runtime and its siblings, not even with every file granted", async () => {
    const closed = {
      ...all("EACCES", ["runtimeEnvironment", "runtimeMemory"]),
      ...all("EACCES", ["siblingEnvironment", "siblingMemory", "siblingFolder"]),
    };
    const listed = all("EACCES", ["runtimeArguments", "listProcesses"]);
    const own = { hostSecret: "unset", ownEnvironment: false };
    const names = Object.keys({ ...closed, ...listed, ...own });
    expect(await outcomes(names)).toEqual(out({ ...closed, ...listed, ...own }));
    const everyFile = { read: true, write: true, run: true };
    expect(await outcomes(Object.keys(closed), everyFile)).toEqual(out(closed));
    expect(await outcomes(["hostSecret"], { env: ["SECRET"] })).toEqual(
      out({ hostSecret: "the runtime's" }),
    );
  });

  test("neither signals, traces nor limits another process, nor leaves its group", async () => {
    const signals = ["signalRuntime", "signalSibling", "signalSiblingThread", "signalByQueue"];
    const others = ["signalByOwner", "traceSibling", "readSibling", "limitRuntime", "pinRuntime"];
    const expected = all("EPERM", [...signals, ...others, "outliveRuntime", "leaveGroup"]);
    expect(await outcomes(Object.keys(expected))).toEqual(out(expected));
    // With `run` there may be processes of its own to signal: there Landlock tells them from
    // strangers.
    expect(await outcomes(Object.keys(expected), { run: true, read: true })).toEqual(out(expected));
    expect(process.kill(sibling.pid, 0)).toBe(true);
  });

  test("starts no program and no process", async () => {
    const expected = {
      ...all("EPERM", ["execShell", "execRaw", "execGuessed", "execByDescriptor", "fork"]),
      ...all("ENOSYS", ["execMemory", "forkHidden"]),
    };
    expect(await outcomes(Object.keys(expected))).toEqual(out(expected));
  });

  test("starts the programs that it was granted, in the same jail", async () => {
    const expected = {
      execShell: "exit 0: from sh",
      execCat: "EACCES",
      shellReadsOutside: "exit 2: Permission denied",
      execMemory: "ENOSYS",
    };
    expect(await outcomes(Object.keys(expected), { run: ["sh"] })).toEqual(out(expected));
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
    expect(await outcomes(Object.keys(expected))).toEqual(out(expected));
    expect(await outcomes(calls, { read: true, write: true, net: true, run: true })).toEqual(
      out(all("EPERM", calls)),
    );
  });

  const strangeSockets = ["rawSocket", "packetSocket", "netlinkSocket", "multipathSocket"];
  const closedSockets = ["udp", ...strangeSockets, "unixSocket", "datagramPair", "listen"];

  test("has no network", async () => {
    const expected = {
      ...all("no socket: EPERM", ["tcp", "tcpElsewhere", "metadata"]),
      ...all("EPERM", closedSockets),
    };
    expect(await outcomes(Object.keys(expected))).toEqual(out(expected));
  });

  test("with a host granted, connects to the proxy alone, which lets it through to that host", async () => {
    const expected = {
      fetchTarget: "200 reached",
      fetchMetadata: '403 Cannot reach "169.254.169.254:80": the host is not granted',
      ...all("EACCES", ["tcp", "metadata"]),
      // The port is the proxy's own, on another machine: the socket cannot leave this one.
      ...all("EINVAL", ["tcpElsewhere", "tcpElsewhereAgain"]),
      ...all("EPERM", [...closedSockets, "tcpFastOpen", "bindAnywhere"]),
    };
    expect(await outcomes(Object.keys(expected), { net: [local()] })).toEqual(out(expected));
  });

  test("with the whole network granted, uses TCP and UDP, and no raw socket", async () => {
    const expected = {
      fetchTarget: "200 reached",
      ...all("done", ["tcp", "udp"]),
      ...all("EPERM", ["rawSocket", "packetSocket", "multipathSocket", "unixSocket"]),
    };
    expect(await outcomes(Object.keys(expected), { net: true })).toEqual(out(expected));
  });

  test("runs no code of its folder before there is a jail", async () => {
    const escaped = join(prison.outside, "escaped.txt");
    const write = `require("node:fs").writeFileSync(${JSON.stringify(escaped)}, "x")`;
    writeFileSync(join(prison.bundle, "preload.js"), `try { ${write} } catch {}`);
    writeFileSync(join(prison.bundle, "bunfig.toml"), 'preload = ["./preload.js"]');
    writeFileSync(join(prison.bundle, ".env"), "SECRET=of the bundle");
    try {
      const { out: attempted } = await prison.attempt(["writeTemp"], { env });
      expect({ attempted, escaped: existsSync(escaped) }).toEqual({
        attempted: { writeTemp: "done" },
        escaped: false,
      });
    } finally {
      for (const name of ["preload.js", "bunfig.toml", ".env"]) rmSync(join(prison.bundle, name));
    }
  });

  test.skipIf(!isRoot)("keeps its own part of /proc when the kernel drops its cache", async () => {
    // Its rule is bound to a file that lives in the cache alone; without a descriptor on it, the
    // rule ends there.
    const program = `const { readFileSync, existsSync } = require("node:fs");
      const { join } = require("node:path");
      while (!existsSync(process.env.DROPPED)) Bun.sleepSync(5);
      console.log(readFileSync("/proc/self/status").length > 0 && require("node:os").freemem() > 0)`;
    const dropped = join(prison.outside, "dropped");
    const child = await prison.start(prison.runtime, ["-e", program], {
      env: { DROPPED: dropped },
    });
    await Bun.sleep(100);
    writeFileSync("/proc/sys/vm/drop_caches", "2");
    writeFileSync(dropped, "");
    expect(await child.result).toMatchObject({ out: true, stderr: "" });
  });

  test("a shell and a Python program are held as a Bun program is", async () => {
    const shell = "cat /etc/passwd; read x < /etc/passwd; echo x > /tmp/out-of-jail; kill -0 $PPID";
    const held = await prison.run("/bin/sh", ["-c", shell], { grants: { run: ["cat"] } });
    const reasons = held.stderr.replaceAll(/^.*: /gm, "").split("\n").filter(Boolean);
    const denied = "Permission denied";
    expect(reasons).toEqual([denied, denied, denied, "Operation not permitted"]);
    if (!existsSync("/usr/bin/python3")) return;
    const python = await prison.run("/usr/bin/python3", ["-c", pythonEscape]);
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
