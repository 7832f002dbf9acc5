import {
  type Architecture,
  firstUnknownSyscall,
  type SyscallName,
  syscallNumber,
} from "./syscalls.ts";

/** What the kernel does with a call. */
export type Verdict = "allow" | "refuse" | "unimplemented" | "notSupported" | "notify" | "kill";

/**
 * A condition on one argument. Only the low 32 bits count, as in the kernel's own reading of an
 * `int`, unless `wide`. With `mask`, `equals` is compared with the masked value.
 */
export interface Condition {
  argument: 0 | 1 | 2 | 3 | 4 | 5;
  equals: number | bigint;
  mask?: number;
  wide?: boolean;
}

/**
 * A condition on where the call is made from: code in this range of addresses. Both ends have the
 * same upper 32 bits.
 */
export interface CallerCondition {
  from: bigint;
  to: bigint;
}

/** One system call's rule: the first clause whose conditions all hold decides, else `otherwise`. */
export interface CallRule {
  name: SyscallName;
  clauses?: readonly { when: readonly (Condition | CallerCondition)[]; verdict: Verdict }[];
  otherwise: Verdict;
}

interface Instruction {
  code: number;
  jumpTrue: number;
  jumpFalse: number;
  k: number;
  /** Which outcome of a comparison means that its condition does not hold. */
  misses?: "ifTrue" | "ifFalse";
}

// linux/bpf_common.h
const loadWord = 0x20;
const jumpEqual = 0x15;
const jumpGreaterOrEqual = 0x35;
const and = 0x54;
const giveBack = 0x06;
// linux/seccomp.h: struct seccomp_data { int nr; u32 arch; u64 instruction_pointer; u64 args[6]; },
// little endian.
const offsetOfNumber = 0;
const offsetOfArchitecture = 4;
const offsetOfCaller = 8;
const offsetOfArguments = 16;
const actions: Readonly<Record<Verdict, number>> = {
  kill: 0x8000_0000,
  notify: 0x7fc0_0000,
  allow: 0x7fff_0000,
  refuse: 0x0005_0000 | 1,
  unimplemented: 0x0005_0000 | 38,
  notSupported: 0x0005_0000 | 97,
};
const auditArchitecture: Readonly<Record<Architecture, number>> = {
  x64: 0xc000_003e,
  arm64: 0xc000_00b7,
};
/**
 * x86-64's second numbering (x32) has this bit set; a filter that forgets it can be walked around.
 */
const x32Bit = 0x4000_0000;

/**
 * Assembles a seccomp filter: another architecture's calls kill, calls newer than the table are not
 * implemented, the rules decide theirs, and everything else is allowed.
 * @returns The program as an array of `struct sock_filter`.
 */
export function assembleFilter(rules: readonly CallRule[], machine: Architecture): Uint8Array {
  const program: Instruction[] = [
    instruction(loadWord, offsetOfArchitecture),
    instruction(jumpEqual, auditArchitecture[machine], 1, 0),
    verdict("kill"),
    instruction(loadWord, offsetOfNumber),
    instruction(jumpGreaterOrEqual, x32Bit, 0, 1),
    verdict("kill"),
    instruction(jumpGreaterOrEqual, firstUnknownSyscall, 0, 1),
    verdict("unimplemented"),
  ];
  for (const rule of rules) program.push(...assembleRule(rule, machine));
  program.push(verdict("allow"));
  return encode(program);
}

function assembleRule(rule: CallRule, machine: Architecture): Instruction[] {
  const number = syscallNumber(rule.name, machine);
  if (number === undefined) return [];
  const body: Instruction[] = [];
  for (const { when, verdict: then } of rule.clauses ?? []) {
    const clause = when.map(assembleCondition);
    let left = clause.reduce((sum, part) => sum + part.length, 1);
    for (const part of clause) {
      left -= part.length;
      body.push(...resolveMisses(part, left));
    }
    body.push(verdict(then));
  }
  body.push(verdict(rule.otherwise));
  return [instruction(jumpEqual, number, 0, body.length), ...body];
}

/**
 * A failed comparison jumps over the rest of its clause: `left` instructions after this condition.
 */
function resolveMisses(part: readonly Instruction[], left: number): Instruction[] {
  return part.map((step, index) => {
    const target = part.length - 1 - index + left;
    if (step.misses === "ifTrue") return { ...step, jumpTrue: target };
    return step.misses === "ifFalse" ? { ...step, jumpFalse: target } : step;
  });
}

function assembleCondition(condition: Condition | CallerCondition): Instruction[] {
  if ("from" in condition) return assembleCaller(condition);
  const { argument, equals, mask, wide } = condition;
  const offset = offsetOfArguments + argument * 8;
  const value = BigInt.asUintN(64, BigInt(equals));
  const steps = [instruction(loadWord, offset)];
  if (mask !== undefined) steps.push(instruction(and, mask));
  steps.push(must(jumpEqual, Number(value & 0xffff_ffffn)));
  if (wide) {
    steps.push(instruction(loadWord, offset + 4), must(jumpEqual, Number(value >> 32n)));
  }
  return steps;
}

function assembleCaller({ from, to }: CallerCondition): Instruction[] {
  return [
    instruction(loadWord, offsetOfCaller + 4),
    must(jumpEqual, Number(from >> 32n)),
    instruction(loadWord, offsetOfCaller),
    must(jumpGreaterOrEqual, Number(from & 0xffff_ffffn)),
    { ...instruction(jumpGreaterOrEqual, Number(to & 0xffff_ffffn)), misses: "ifTrue" },
  ];
}

function must(code: number, k: number): Instruction {
  return { ...instruction(code, k), misses: "ifFalse" };
}

function verdict(name: Verdict): Instruction {
  return instruction(giveBack, actions[name]);
}

function instruction(code: number, k: number, jumpTrue = 0, jumpFalse = 0): Instruction {
  return { code, jumpTrue, jumpFalse, k };
}

function encode(program: readonly Instruction[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(program.length * 8));
  for (const [index, { code, jumpTrue, jumpFalse, k }] of program.entries()) {
    // The offsets of a jump are bytes: a rule longer than 255 instructions would be cut silently.
    if (jumpTrue > 255 || jumpFalse > 255) throw new Error("a seccomp rule is too long");
    bytes.setUint16(index * 8, code, true);
    bytes.setUint8(index * 8 + 2, jumpTrue);
    bytes.setUint8(index * 8 + 3, jumpFalse);
    bytes.setUint32(index * 8 + 4, k >>> 0, true);
  }
  return new Uint8Array(bytes.buffer);
}
