import { describe, expect, test } from "bun:test";
import { assembleFilter } from "./bpf.ts";
import { type FilterOptions, filterRules } from "./filter.ts";
import { type Architecture, type SyscallName, syscallNumber } from "./syscalls.ts";

const pid = 4711;
const passphrase = [
  0x1111_2222_3333_4444n,
  0x5555_6666_7777_8888n,
  0x9999_aaaa_bbbb_ccccn,
] as const;
const strict: FilterOptions = {
  ...{ pid, passphrase, run: false, sockets: "none", unixSockets: false },
  ...{ writeAnywhere: false, watch: false, signalsScoped: true },
};
const names: Readonly<Record<number, string>> = {
  ...{ 2147483648: "kill", 2143289344: "notify", 2147418112: "allow" },
  ...{ 327681: "refuse", 327718: "unimplemented", 327777: "notSupported" },
};
const architectures = { x64: 0xc000_003e, arm64: 0xc000_00b7 } as const;

/**
 * What the kernel would do: the classic BPF that a seccomp filter may use, read from the assembled
 * bytes.
 */
function judge(
  filter: Uint8Array,
  call: { nr: number; arch: number; args: readonly bigint[] },
): string {
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, call.nr, true);
  data.setUint32(4, call.arch, true);
  for (const [index, value] of call.args.entries()) {
    data.setBigUint64(16 + index * 8, BigInt.asUintN(64, value), true);
  }
  const program = new DataView(filter.buffer);
  let accumulator = 0;
  for (let at = 0; at < filter.byteLength / 8; at += 1) {
    const k = program.getUint32(at * 8 + 4, true);
    const [ifTrue, ifFalse] = [program.getUint8(at * 8 + 2), program.getUint8(at * 8 + 3)];
    const code = program.getUint16(at * 8, true);
    if (code === 0x20) accumulator = data.getUint32(k, true);
    else if (code === 0x54) accumulator = (accumulator & k) >>> 0;
    else if (code === 0x15) at += accumulator === k ? ifTrue : ifFalse;
    else if (code === 0x35) at += accumulator >= k ? ifTrue : ifFalse;
    else if (code === 0x06) return names[k] ?? `unknown verdict ${k.toString(16)}`;
    else throw new Error(`unknown instruction ${code.toString(16)}`);
  }
  throw new Error("the filter ends without a verdict");
}

type Call = readonly [name: SyscallName, args: readonly (number | bigint)[], verdict: string];

function verdicts(options: FilterOptions, calls: readonly Call[], machine: Architecture): string[] {
  const filter = assembleFilter(filterRules(options), machine);
  return calls.map(([name, args]) => {
    const nr = syscallNumber(name, machine);
    const found =
      nr === undefined
        ? "none"
        : judge(filter, { nr, arch: architectures[machine], args: args.map(BigInt) });
    return `${name}(${args.join(", ")}): ${found}`;
  });
}

const garbage = 0xdead_beef_0000_0000n;
const tables: readonly (readonly [string, Partial<FilterOptions>, readonly Call[]])[] = [
  [
    "a bundle without grants",
    {},
    [
      ["execve", [1, 1, 1, ...passphrase], "allow"],
      ["execve", [1, 1, 1, passphrase[0], passphrase[1], 0], "refuse"],
      // The low halves are right and the high halves are not.
      ["execve", [1, 1, 1, ...passphrase.map((word) => word & 0xffff_ffffn)], "refuse"],
      ["execveat", [1, 1, 1, ...passphrase], "refuse"],
      ["clone", [0x3d_0f00], "allow"],
      ["clone", [17], "refuse"],
      ["clone", [0x1_0000 | 0x1000_0000], "refuse"],
      ["clone3", [1, 88], "unimplemented"],
      // The kernel reads an int: what is in the upper half must not change the verdict.
      ["kill", [garbage | BigInt(pid), 9], "allow"],
      ["kill", [pid + 1, 9], "refuse"],
      ["kill", [-1, 9], "refuse"],
      ["kill", [-pid, 9], "allow"],
      ["tgkill", [pid, pid + 3, 9], "allow"],
      ["tkill", [pid + 3, 9], "allow"],
      ["prlimit64", [0, 7], "allow"],
      ["prlimit64", [1, 7], "refuse"],
      ["setpriority", [0, 0, 5], "allow"],
      ["setpriority", [2, 1000, 5], "refuse"],
      ["prctl", [garbage | 1n, 0], "refuse"],
      ["prctl", [15, 0], "allow"],
      ["ioctl", [0, garbage | 0x5412n], "refuse"],
      ["ioctl", [0, 0x5401], "allow"],
      ["fcntl", [0, 8], "refuse"],
      ["fcntl", [0, 3], "allow"],
      ["personality", [0xffff_ffff], "allow"],
      ["personality", [0x40000], "refuse"],
      ["socket", [2, 1, 0], "refuse"],
      ["socket", [1, 1, 0], "refuse"],
      ["socketpair", [1, 0x8_0801, 0], "allow"],
      ["socketpair", [1, 2, 0], "refuse"],
      ["sendto", [3, 1, 1, 0x2000_0000], "refuse"],
      ["sendto", [3, 1, 1, 0x4000], "allow"],
      ["bind", [3, 1, 16], "refuse"],
      ["utimensat", [3, 0, 0, 0], "allow"],
      ["utimensat", [-100, 0x7f00_0000_0000n, 0, 0], "refuse"],
      ["fchmodat", [-100, 1, 0o777], "refuse"],
      ["inotify_add_watch", [3, 1, 1], "refuse"],
      ["ptrace", [0, 1], "refuse"],
      ["io_uring_setup", [1, 1], "unimplemented"],
      ["memfd_create", [1, 0], "unimplemented"],
      ["openat", [-100, 1, 0], "allow"],
    ],
  ],
  [
    "a bundle with a host list",
    { sockets: "brokered" },
    [
      ["socket", [2, 0x8_0801, 0], "notify"],
      ["socket", [garbage | 2n, garbage | 1n, garbage | 6n], "notify"],
      ["socket", [2, 1, 262], "refuse"],
      ["socket", [2, 2, 0], "refuse"],
      ["socket", [10, 1, 0], "notSupported"],
      ["socket", [16, 3, 0], "refuse"],
      ["listen", [3, 1], "refuse"],
    ],
  ],
  [
    "a bundle with programs, the whole network and every file, before Landlock scoped signals",
    {
      run: true,
      sockets: "open",
      unixSockets: true,
      writeAnywhere: true,
      watch: true,
      signalsScoped: false,
    },
    [
      ["execve", [1, 1, 1, 0, 0, 0], "allow"],
      ["clone", [17], "allow"],
      ["clone", [0x1000_0000], "refuse"],
      ["kill", [pid + 1, 9], "allow"],
      ["socket", [10, 2, 17], "allow"],
      ["socket", [2, 3, 1], "refuse"],
      ["socket", [2, 2, 1], "refuse"],
      ["socket", [1, 2, 0], "allow"],
      ["bind", [3, 1, 16], "allow"],
      ["fchmodat", [-100, 1, 0o777], "allow"],
      ["setsid", [], "refuse"],
      ["unshare", [0x1000_0000], "refuse"],
      ["mount", [], "refuse"],
    ],
  ],
  [
    "a bundle before Landlock scoped signals",
    { signalsScoped: false },
    [["tkill", [pid, 9], "refuse"]],
  ],
];

describe.each(["x64", "arm64"] as const)("the filter for %s", (machine) => {
  test.each(tables)("judges the calls of %s", (_, options, calls) => {
    const expected = calls.map(
      ([name, args, verdict]) => `${name}(${args.join(", ")}): ${verdict}`,
    );
    expect(verdicts({ ...strict, ...options }, calls, machine)).toEqual(expected);
  });

  test("kills another architecture's and the second numbering's calls, and knows no newer ones", () => {
    const filter = assembleFilter(filterRules(strict), machine);
    const arch = architectures[machine];
    const other = judge(filter, { nr: 1, arch: 0x4000_0003, args: [] });
    const second = judge(filter, { nr: 0x4000_0000 | 1, arch, args: [] });
    const newer = judge(filter, { nr: 500, arch, args: [] });
    expect([other, second, newer]).toEqual(["kill", "kill", "unimplemented"]);
  });
});
