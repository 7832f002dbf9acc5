import { afterEach, describe, expect, test } from "bun:test";
import { openPrison, type Prison } from "../../../tests/edge/jailed.ts";
import type { JailSpec } from "./spec.ts";

const launcher = Bun.fileURLToPath(new URL("../../../tests/edge/launcher.ts", import.meta.url));
const without = Bun.fileURLToPath(new URL("../../../tests/edge/without.ts", import.meta.url));
const spec: JailSpec = {
  ...{ executable: "/bin/sh", argv: ["sh", "-c", "echo started"], env: {}, cwd: "/", paths: [] },
  ...{ places: [], tellReads: true },
  ...{ connectPorts: [], sockets: "none", unixSockets: false, run: false, writeAnywhere: false },
  ...{ watch: false, brokerPath: null, mode: "enforce", limits: {}, parent: process.pid },
};

describe.skipIf(process.platform !== "linux")("the launcher", () => {
  test.each<[string, string, number, string]>([
    ["no spec", "not a spec", 112, "started without a readable spec"],
    ["another parent", JSON.stringify({ ...spec, parent: 1 }), 113, "the runtime ended"],
    [
      "no such folder",
      JSON.stringify({ ...spec, cwd: "/no/such" }),
      114,
      "cannot be entered: /no/such",
    ],
    [
      "no such broker",
      JSON.stringify({ ...spec, brokerPath: "/no/such" }),
      118,
      "broker cannot be reached",
    ],
    // Nothing was granted, the program itself included.
    [
      "a program that was not granted",
      JSON.stringify(spec),
      126,
      "cannot be executed: /bin/sh: error 13",
    ],
  ])("ends with its own code and a reason for %s", async (_, text, exitCode, reason) => {
    const child = Bun.spawn([process.execPath, launcher], {
      env: { BERTH_JAIL: text },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [stdout, stderr] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    expect({ exitCode: await child.exited, stdout }).toEqual({ exitCode, stdout: "" });
    expect(stderr).toStartWith("berth jail: ");
    expect(stderr).toContain(reason);
  });
});

describe.skipIf(process.platform !== "linux")("on a kernel", () => {
  let prison: Prison;
  afterEach(() => prison.close());
  const escapes = ["readPasswd", "writeTemp", "execShell", "tcp", "signalRuntime"];
  const run = { env: { PORT: "1" }, mode: "best-effort" } as const;
  const refused = (mode: RegExp) =>
    expect(prison.attempt(escapes, { env: { PORT: "1" } })).rejects.toThrow(mode);

  test("without Landlock, enforce refuses and best-effort keeps the rest", async () => {
    prison = await openPrison({ wrapper: [process.execPath, without, "landlock_create_ruleset"] });
    const { landlockAbi, paths, ports, signals, processes, calls, broker } = prison.support;
    expect({ landlockAbi, paths, ports, signals, processes, calls, broker }).toEqual({
      ...{ landlockAbi: 0, paths: false, ports: false, signals: false, processes: false },
      ...{ calls: true, broker: true },
    });
    await refused(/which files it reads; which files it writes; that it cannot read or trace/);
    expect(await prison.attempt(escapes, run)).toMatchObject({
      out: {
        ...{ readPasswd: "done", writeTemp: "done", execShell: "EPERM" },
        ...{ tcp: "no socket: EPERM", signalRuntime: "EPERM" },
      },
      stderr: "",
    });
  });

  test("without seccomp filters, enforce refuses and best-effort keeps the rest", async () => {
    prison = await openPrison({ wrapper: [process.execPath, without, "seccomp"] });
    expect(prison.support).toMatchObject({
      ...{ paths: true, ports: true, signals: true, processes: true, calls: false, broker: false },
    });
    await refused(/that it starts no program; that it uses no network/);
    expect(await prison.attempt(escapes, run)).toMatchObject({
      out: { readPasswd: "EACCES", writeTemp: "done", execShell: "EACCES", tcp: "EACCES" },
      stderr: "",
    });
  });
});
