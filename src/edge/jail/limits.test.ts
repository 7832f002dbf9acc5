import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, rmSync } from "node:fs";
import { groupSize, openPrison, type Prison } from "../../../tests/edge/jailed.ts";

const mebibyte = 1024 * 1024;
const python = "/usr/bin/python3";
const isRoot = process.getuid?.() === 0;
// The kernel counts processes of any user but root; a user of this test alone has none beforehand.
const ownUser = ["setpriv", "--reuid", "64999", "--regid", "64999", "--clear-groups"];

describe.skipIf(process.platform !== "linux")("the bounds of a jail", () => {
  let prison: Prison;
  beforeAll(async () => {
    prison = await openPrison({});
  });
  afterAll(() => prison.close());

  test("a program that fills memory is ended when its group takes too much", async () => {
    const { ended, signal, out } = await prison.attempt(["fillMemory"], {
      endAboveBytes: 200 * mebibyte,
    });
    expect({ ended, signal, out }).toEqual({ ended: "memory", signal: "SIGKILL", out: "" });
    const roomy = await prison.attempt(["fillMemory"], { endAboveBytes: 2048 * mebibyte });
    expect(roomy.out).toEqual({ fillMemory: "held 32 blocks" });
  }, 30_000);

  test("a program that fills its temporary folder is ended; one file is cut by the kernel", async () => {
    const limits = { tempBytes: 4 * mebibyte };
    const many = await prison.attempt(["fillTemp"], { limits, endAboveTempBytes: 4 * mebibyte });
    expect({ ended: many.ended, signal: many.signal }).toEqual({
      ended: "temp",
      signal: "SIGKILL",
    });
    const one = await prison.attempt(["fillOneFile"], { limits });
    expect(one).toMatchObject({ out: { fillOneFile: "EFBIG" }, ended: null });
    const roomy = await prison.attempt(["fillTemp", "fillOneFile"], {
      limits: { tempBytes: 128 * mebibyte },
      endAboveTempBytes: 128 * mebibyte,
    });
    expect(roomy.out).toEqual({ fillTemp: "done", fillOneFile: "done" });
  }, 30_000);

  test("a program opens no more files than its limit", async () => {
    const few = await prison.attempt(["openFiles"]);
    const many = await prison.attempt(["openFiles"], { limits: { openFiles: 1024 } });
    expect([few.out, many.out]).toEqual([{ openFiles: "stopped" }, { openFiles: "opened 400" }]);
  });

  test("a whole group ends with the children that it started", async () => {
    const started = await prison.start("/bin/sh", ["-c", "sleep 30 & sleep 30 & wait"], {
      grants: { run: ["sleep"] },
    });
    while (groupSize(started.pid) < 3) await Bun.sleep(5);
    started.kill();
    expect((await started.result).signal).toBe("SIGKILL");
    while (groupSize(started.pid) > 0) await Bun.sleep(5);
  });

  test("a child dies with the runtime that started it", async () => {
    // The runtime is played by a process that starts a jail and is then killed.
    const script = `
      const { openPrison } = await import(${JSON.stringify(new URL("../../../tests/edge/jailed.ts", import.meta.url).href)});
      const prison = await openPrison({});
      const child = await prison.start(prison.runtime, ["-e", "setTimeout(() => {}, 60_000)"]);
      console.log(child.pid + " " + prison.folder);
      setTimeout(() => process.exit(), 10_000);`;
    const runtime = Bun.spawn([process.execPath, "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const { value } = await runtime.stdout.getReader().read();
    const [pid = "", folder = ""] = Buffer.from(value ?? [])
      .toString()
      .trim()
      .split(" ");
    expect(groupSize(Number(pid))).toBe(1);
    runtime.kill("SIGKILL");
    await runtime.exited;
    while (groupSize(Number(pid)) > 0) await Bun.sleep(5);
    rmSync(folder, { recursive: true });
  });
});

describe.skipIf(!isRoot || !existsSync(python))("a user's tasks", () => {
  let prison: Prison;
  beforeAll(async () => {
    prison = await openPrison({ wrapper: ownUser });
  });
  afterAll(() => prison.close());

  test.each([
    ["threads without end", endlessThreads(), {}],
    ["processes without end", endlessForks(), { run: true }],
  ])("%s stop at the limit", async (_, program, grants) => {
    const held = await prison.run(python, ["-c", program], { grants, limits: { userTasks: 24 } });
    expect({ stopped: Number(held.out) < 24, stderr: held.stderr }).toEqual({
      stopped: true,
      stderr: "",
    });
    const free = await prison.run(python, ["-c", program], { grants, limits: { userTasks: 200 } });
    expect(free.out).toBe(60);
  });
});

/** Both stop at 60 by themselves, and end with what they started. */
function endlessThreads(): string {
  return `
import threading
done = threading.Event()
started = 0
try:
    while started < 60:
        threading.Thread(target=done.wait).start()
        started += 1
except RuntimeError:
    pass
print(started)
done.set()`;
}

function endlessForks(): string {
  return `
import os, signal, time
children = []
try:
    while len(children) < 60:
        child = os.fork()
        if child == 0:
            time.sleep(5)
            os._exit(0)
        children.append(child)
except BlockingIOError:
    pass
for child in children:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
print(len(children))`;
}
