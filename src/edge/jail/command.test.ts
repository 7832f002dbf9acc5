import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../core/fault.ts";
import { noPermissions, type Permissions, permissionsSchema } from "../permissions.ts";
import { jailCommand } from "./command.ts";
import { childEnvironment } from "./environment.ts";
import { resolveExecutable } from "./executable.ts";
import { launchFailureReason } from "./spec.ts";
import { type JailSupport, noSupport } from "./support.ts";
import { unenforced } from "./unenforced.ts";

const full: JailSupport = {
  ...{ landlockAbi: 7, paths: true, ports: true, signals: true },
  ...{ processes: true, calls: true, broker: true },
};
const permissions = (written: unknown): Permissions => permissionsSchema.parse(written);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync("/tmp/command-");
  mkdirSync(join(folder, "venv/bin"), { recursive: true });
  symlinkSync("/bin/sh", join(folder, "venv/bin/python"));
  for (const [name, line] of [
    ["direct", "#!/bin/sh -e"],
    ["through-env", "#!/usr/bin/env -S sh -x"],
    ["missing", "#!/no/such/interpreter"],
  ] as const) {
    writeFileSync(join(folder, name), `${line}\necho hello\n`);
    chmodSync(join(folder, name), 0o755);
  }
  writeFileSync(join(folder, "nested"), `#!${join(folder, "direct")} one two\n`, { mode: 0o755 });
  writeFileSync(join(folder, "plain.txt"), "not executable");
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("resolveExecutable", () => {
  const found = (command: string) => {
    const { file, argv } = resolveExecutable(command, ["arg"], {
      cwd: folder,
      path: "/usr/bin:/bin",
    });
    return { file, argv: argv.map((word) => word.replace(folder, "")) };
  };

  test.each([
    ["sh", ["sh", "arg"]],
    ["./direct", ["/bin/sh", "-e", "/direct", "arg"]],
    ["./through-env", ["sh", "-x", "/through-env", "arg"]],
    // The kernel hands an interpreter line's rest over as one argument.
    ["./nested", ["/bin/sh", "-e", "/direct", "one two", "/nested", "arg"]],
  ])("makes of %s the program that the kernel would run", (command, argv) => {
    const { file, argv: words } = found(command);
    expect({ isShell: file.endsWith("/sh"), argv: words }).toEqual({ isShell: true, argv });
  });

  test.each(["./missing", "./plain.txt", "./no-such-file", "no-such-program", "./venv"])(
    "refuses %s",
    (command) => {
      expect(() => found(command)).toThrow(AppError);
    },
  );

  test("keeps the link by which a program was found, and reads the libraries of both", () => {
    const python = resolveExecutable("venv/bin/python", [], { cwd: folder, path: "" });
    expect(python.file).toBe(join(folder, "venv/bin/python"));
    expect(python.read.slice(0, 3)).toEqual(
      ["lib", "lib64", "pyvenv.cfg"].map((name) => join(folder, "venv", name)),
    );
  });
});

describe("what a kernel does not enforce", () => {
  const everything = permissions({ read: true, write: true, net: true, env: true, run: true });
  test.each<[string, Partial<JailSupport>, unknown, string[]]>([
    ["nothing, on a full kernel", {}, {}, []],
    [
      "nothing, on a full kernel with grants",
      {},
      { net: ["a.test"], run: ["git"], read: ["/a"] },
      [],
    ],
    [
      "paths, without Landlock",
      { paths: false, ports: false, signals: false, processes: false, landlockAbi: 0 },
      {},
      [
        "which files it reads",
        "which files it writes",
        "that it cannot read or trace other processes",
      ],
    ],
    [
      "signals, before ABI 6 and with programs granted",
      { signals: false },
      { run: ["git"] },
      ["that it cannot signal other processes"],
    ],
    [
      "ports, before ABI 4",
      { ports: false },
      { net: ["a.test"] },
      ["that it connects to Berth's proxy only"],
    ],
    [
      "other machines, without a broker",
      { broker: false },
      { net: ["a.test"] },
      ["that it connects to no other machine at the proxy's port 4000"],
    ],
    [
      "calls, without the filter",
      { calls: false },
      {},
      ["that it starts no program", "that it uses no network"],
    ],
  ])("names %s", (_, lacking, written, expected) => {
    const options = { proxyPort: 4000, brokerPath: "/run/b", permissions: permissions(written) };
    expect(unenforced({ ...options, support: { ...full, ...lacking } })).toEqual(expected);
  });

  test("asks nothing of a kernel for a bundle that may do everything but reach other processes", () => {
    expect(unenforced({ permissions: everything, support: noSupport })).toEqual([
      "that it cannot read or trace other processes",
      "that it cannot signal other processes",
    ]);
  });
});

describe("jailCommand", () => {
  const options = {
    ...{ launcher: ["berth", "jail"], command: "sh", args: ["-c", "true"], path: "/usr/bin:/bin" },
    ...{ env: { SECRET: "in the environment only" }, permissions: noPermissions, limits: {} },
    ...{ support: full, mode: "enforce" as const, cwd: "/", tempFolder: "/tmp" },
  };

  test.skipIf(process.platform !== "linux")("shows nothing of the bundle in its arguments", () => {
    const { argv, env, cwd, notEnforced } = jailCommand(options);
    expect({ argv, names: Object.keys(env), cwd, notEnforced }).toEqual({
      ...{ argv: ["berth", "jail"], names: ["BERTH_JAIL"], cwd: "/", notEnforced: [] },
    });
  });

  test("refuses in enforce what it names in best-effort", () => {
    const weak = { ...options, support: { ...full, paths: false } };
    const what = ["which files it reads", "which files it writes"];
    expect(() => jailCommand(weak)).toThrow(`Cannot start in mode "enforce": ${what.join("; ")}`);
    expect(jailCommand({ ...weak, mode: "best-effort" }).notEnforced).toEqual(what);
  });

  test("refuses a path to write that is not there", () => {
    const missing = permissions({ write: [join(folder, "not-yet")] });
    expect(() => jailCommand({ ...options, permissions: missing })).toThrow("it does not exist");
  });
});

test("childEnvironment passes what was granted, and no variable that is code", () => {
  const host = {
    ...{
      AWS_KEY: "k",
      AWS_REGION: "r",
      OTHER: "o",
      LANG: "C",
      PATH: "/host/bin",
      UNSET: undefined,
    },
    ...{ BUN_OPTIONS: "--preload x", NODE_OPTIONS: "-r x", LD_PRELOAD: "x.so", PYTHONPATH: "x" },
  };
  const base = { HOME: "/t", TMPDIR: "/t", LANG: "C" };
  const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  const of = (written: unknown) =>
    childEnvironment({
      own: { KEY: "v" },
      host,
      permissions: permissions(written),
      tempFolder: "/t",
    });
  expect(of({})).toEqual({ ...base, PATH: path, KEY: "v" });
  expect(of({ env: { allow: ["AWS_*"], deny: ["AWS_KEY"] } })).toEqual({
    ...base,
    ...{ PATH: path, KEY: "v", AWS_REGION: "r" },
  });
  expect(of({ env: true })).toEqual({
    ...base,
    ...{ PATH: "/host/bin", KEY: "v", AWS_KEY: "k", AWS_REGION: "r", OTHER: "o" },
  });
});

test("launchFailureReason knows the launcher's exit codes and no other", () => {
  expect([launchFailureReason(117), launchFailureReason(1)]).toEqual([
    "the kernel refuses Landlock: paths and ports are not enforced",
    undefined,
  ]);
});
