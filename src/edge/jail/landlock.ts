import { errno, type Outcome, syscall } from "./libc.ts";

/** What a path rule grants. `run` is executing, `device` reading and writing a device. */
export type Access = "read" | "write" | "run" | "device";

/** One rule: everything at or below the path. */
export interface PathRule {
  readonly path: string;
  readonly access: readonly Access[];
}

/** What a jail lets through; everything else that this kernel's Landlock knows is denied. */
export interface Ruleset {
  paths: readonly PathRule[];
  /** TCP ports that may be connected to; undefined leaves the network alone. */
  connectPorts: readonly number[] | undefined;
}

/** Why Landlock did not apply: the step and the error number. */
export interface LandlockFailure {
  step: string;
  errno: number;
}

/** What came of restricting. */
export interface LandlockOutcome {
  /** undefined when it holds. */
  failure: LandlockFailure | undefined;
  /** Whether signals stay inside the jail, which the ABI alone does not tell. */
  signalsScoped: boolean;
}

// linux/landlock.h
const right = {
  execute: 1n << 0n,
  writeFile: 1n << 1n,
  readFile: 1n << 2n,
  readDir: 1n << 3n,
  removeDir: 1n << 4n,
  removeFile: 1n << 5n,
  makeChar: 1n << 6n,
  makeDir: 1n << 7n,
  makeReg: 1n << 8n,
  makeSock: 1n << 9n,
  makeFifo: 1n << 10n,
  makeBlock: 1n << 11n,
  makeSym: 1n << 12n,
  refer: 1n << 13n,
  truncate: 1n << 14n,
  ioctlDevice: 1n << 15n,
} as const;
/** The rights that a rule on a file, not a folder, may name. */
const fileRights =
  right.execute | right.writeFile | right.readFile | right.truncate | right.ioctlDevice;
const accessRights: Readonly<Record<Access, bigint>> = {
  read: right.readFile | right.readDir,
  // Device nodes are never made: they would lead around every rule.
  write:
    right.writeFile |
    right.truncate |
    right.removeDir |
    right.removeFile |
    right.makeDir |
    right.makeReg |
    right.makeSock |
    right.makeFifo |
    right.makeSym |
    right.refer,
  run: right.execute | right.readFile,
  device: right.readFile | right.writeFile,
};
const bindTcp = 1n;
const connectTcp = 2n;
const scopeAbstractSockets = 1n;
const scopeSignals = 2n;
const versionFlag = 1;
const rulePathBeneath = 1;
const ruleNetPort = 2;
const openPath = 0o10000000;
const closeOnExec = 0o2000000;
const currentFolder = -100;
const duplicateFrom = 0;
/**
 * Where descriptors that stay open begin, out of the way of programs that expect theirs from 3 on.
 */
const firstKept = 100;

/** The Landlock ABI of this kernel; 0 when it has none or it is switched off. */
export function landlockAbi(): number {
  const { value } = syscall("landlock_create_ruleset", 0, 0, versionFlag);
  return Math.max(0, value);
}

/** Restricts the calling thread, and everything it becomes, for good. */
export function applyLandlock(ruleset: Ruleset, abi: number): LandlockOutcome {
  const handledPaths = pathRights(abi);
  const handledNet = abi >= 4 && ruleset.connectPorts ? bindTcp | connectTcp : 0n;
  const { created, signalsScoped } = createRuleset(handledPaths, handledNet, abi);
  const failed = (step: string, { errno: error }: Outcome): LandlockOutcome => ({
    failure: { step, errno: error },
    signalsScoped: false,
  });
  if (created.value < 0) return failed("landlock_create_ruleset", created);
  for (const rule of ruleset.paths) {
    const added = addPath(created.value, rule, handledPaths);
    if (added.value < 0) return failed(`landlock_add_rule ${rule.path}`, added);
  }
  for (const port of handledNet ? (ruleset.connectPorts ?? []) : []) {
    const attribute = new BigUint64Array([connectTcp, BigInt(port)]);
    const bytes = new Uint8Array(attribute.buffer);
    const added = syscall("landlock_add_rule", created.value, ruleNetPort, bytes, 0);
    if (added.value < 0) return failed(`landlock_add_rule port ${port}`, added);
  }
  const restricted = syscall("landlock_restrict_self", created.value, 0);
  syscall("close", created.value);
  if (restricted.value < 0) return failed("landlock_restrict_self", restricted);
  return { failure: undefined, signalsScoped };
}

function pathRights(abi: number): bigint {
  // One bit was added at a time: REFER with ABI 2, TRUNCATE with 3, IOCTL_DEV with 5.
  const bits = abi >= 5 ? 16n : abi >= 3 ? 15n : abi === 2 ? 14n : 13n;
  return (1n << bits) - 1n;
}

function createRuleset(
  paths: bigint,
  net: bigint,
  abi: number,
): { created: Outcome; signalsScoped: boolean } {
  if (abi < 6) {
    return { created: createFrom(abi >= 4 ? [paths, net] : [paths]), signalsScoped: false };
  }
  const full = createFrom([paths, net, scopeAbstractSockets | scopeSignals]);
  // RHEL 9's kernels report ABI 6 without the scoping of signals: ask for one scope, then for none.
  if (full.errno !== errno.EINVAL) return { created: full, signalsScoped: true };
  const sockets = createFrom([paths, net, scopeAbstractSockets]);
  const created = sockets.errno === errno.EINVAL ? createFrom([paths, net]) : sockets;
  return { created, signalsScoped: false };
}

function createFrom(words: readonly bigint[]): Outcome {
  const attribute = new Uint8Array(new BigUint64Array(words).buffer);
  return syscall("landlock_create_ruleset", attribute, attribute.byteLength, 0);
}

function addPath(ruleset: number, rule: PathRule, handled: bigint): Outcome {
  const opened = syscall("openat", currentFolder, rule.path, openPath | closeOnExec, 0);
  // What is not there, or out of this user's reach, is so for the bundle, too: leaving it out opens
  // nothing.
  if (opened.value < 0) return { value: 0, errno: 0 };
  const wanted = rule.access.reduce((sum, access) => sum | accessRights[access], 0n) & handled;
  const added = addBeneath(ruleset, opened.value, wanted);
  // EINVAL is how the kernel says that the path is no folder.
  const outcome =
    added.errno === errno.EINVAL ? addBeneath(ruleset, opened.value, wanted & fileRights) : added;
  // A file of /proc is another one once the cache has dropped it, and its rule would hold for
  // nothing: it stays open.
  if (rule.path.startsWith("/proc/")) syscall("fcntl", opened.value, duplicateFrom, firstKept);
  syscall("close", opened.value);
  return outcome;
}

function addBeneath(ruleset: number, parent: number, allowed: bigint): Outcome {
  // struct landlock_path_beneath_attr is packed: u64 allowed_access, s32 parent_fd.
  const attribute = new DataView(new ArrayBuffer(12));
  attribute.setBigUint64(0, allowed, true);
  attribute.setInt32(8, parent, true);
  const bytes = new Uint8Array(attribute.buffer);
  return syscall("landlock_add_rule", ruleset, rulePathBeneath, bytes, 0);
}
