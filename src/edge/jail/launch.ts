import { connectBroker, fittingPolicy, peerOf, prepareHandOver } from "./broker-client.ts";
import { filterRules } from "./filter.ts";
import { applyLandlock, type LandlockOutcome, landlockAbi } from "./landlock.ts";
import { cStrings, errno, libraryRange, syscall, writeText } from "./libc.ts";
import { reportingRules } from "./report-policy.ts";
import {
  applyFilter,
  dieWithParent,
  dropPrivileges,
  letBeRead,
  restoreDefaults,
  setLimits,
} from "./restrict.ts";
import { type JailSpec, type LaunchFailure, launchFailures, specVariable } from "./spec.ts";

/**
 * The kernel ends the child before Berth when memory runs out; 1000 is the first to go, 0 the
 * default.
 */
const outOfMemoryScore = "800";
// fcntl.h
const currentFolder = -100;
const writeOnly = 1;

/**
 * The launcher: restricts this very process as its spec says and becomes the bundle. There is no
 * await in it: every restriction binds the calling thread, which must be the one that executes. A
 * failure ends the process with one of `launchFailures`.
 * @param specText The value of `specVariable`.
 */
export function launch(specText: string | undefined): never {
  const spec = readSpec(specText);
  prepare(spec);
  const broker = spec.brokerPath === null ? undefined : openBroker(spec, spec.brokerPath);
  const landlock = restrictPaths(spec);
  const words = choosePassphrase();
  const argv = cStrings(spec.argv);
  const env = cStrings(Object.entries(spec.env).map(([name, value]) => `${name}=${value}`));
  restrictCalls(spec, words, { broker, landlock });
  const { errno: reason } = syscall("execve", spec.executable, argv, env, ...words);
  return fail("execute", `${spec.executable}: error ${reason}`);
}

/** What the filter lets the launcher, and nobody later, execute with. */
function choosePassphrase(): [bigint, bigint, bigint] {
  const words = new BigUint64Array(3);
  const bytes = new Uint8Array(words.buffer);
  const { value } = syscall("getrandom", bytes, bytes.byteLength, 0);
  if (value !== bytes.byteLength) fail("seccomp", "no random words");
  return [words[0] ?? 0n, words[1] ?? 0n, words[2] ?? 0n];
}

function readSpec(text: string | undefined): JailSpec {
  try {
    // The parent is the same program and wrote the spec; the environment is out of any other
    // process's reach.
    return JSON.parse(text ?? "") as JailSpec;
  } catch {
    return fail("spec", `${specVariable} is not set to a spec`);
  }
}

/** What needs no kernel feature: a failure here is one in either mode. */
function prepare(spec: JailSpec): void {
  try {
    process.chdir(spec.cwd);
  } catch {
    fail("folder", spec.cwd);
  }
  // Where /proc is read-only the kernel chooses by size alone.
  writeFile("/proc/self/oom_score_adj", outOfMemoryScore);
  // Fails for the leader of a group, which is what is wanted.
  syscall("setsid");
  const limited = setLimits(spec.limits);
  if (limited.value < 0) fail("limits", `error ${limited.errno}`);
  const dropped = dropPrivileges();
  if (dropped.value < 0) fail("privileges", `error ${dropped.errno}`);
  dieWithParent();
  // The parent may have ended before the line above.
  if (syscall("getppid").value !== spec.parent) fail("orphan", `the parent was ${spec.parent}`);
  restoreDefaults();
}

function openBroker(spec: JailSpec, path: string): number | undefined {
  const { value, errno: reason } = connectBroker(path);
  if (value < 0 && spec.mode === "enforce") fail("broker", `${path}: error ${reason}`);
  if (value < 0) return undefined;
  letBeRead(peerOf(value));
  return value;
}

function restrictPaths(spec: JailSpec): LandlockOutcome {
  const ruleset = { paths: spec.paths, connectPorts: spec.connectPorts ?? undefined };
  const outcome = applyLandlock(ruleset, landlockAbi());
  const { failure } = outcome;
  if (failure && spec.mode === "enforce") {
    fail("landlock", `${failure.step}: error ${failure.errno}`);
  }
  return outcome;
}

function restrictCalls(
  spec: JailSpec,
  passphrase: readonly [bigint, bigint, bigint],
  { broker, landlock }: { broker: number | undefined; landlock: LandlockOutcome },
): void {
  const { signalsScoped } = landlock;
  const sockets = spec.sockets === "brokered" && broker === undefined ? "proxied" : spec.sockets;
  const rules = filterRules({ ...spec, sockets, passphrase, pid: process.pid, signalsScoped });
  if (broker === undefined) {
    const { value, errno: reason } = applyFilter(rules, false);
    if (value < 0) failFilter(spec, reason);
    return;
  }
  const isRestricted = landlock.failure === undefined;
  const policy = fittingPolicy({
    paths: isRestricted ? spec.paths : null,
    connectPorts: isRestricted && landlockAbi() >= 4 ? spec.connectPorts : null,
    ...{ tellReads: spec.tellReads, places: spec.places, sockets, run: spec.run, signalsScoped },
  });
  const reporting = reportingRules(rules, policy, libraryRange());
  const handOver = prepareHandOver(broker, policy);
  const applied = applyFilter(reporting, true);
  if (applied.value < 0) {
    failFilter(spec, applied.errno);
    return;
  }
  const sent = handOver(applied.value);
  if (sent.value < 0) fail("broker", `error ${sent.errno}`);
}

/** A filter that the kernel cannot read is a bug in either mode. */
function failFilter(spec: JailSpec, reason: number): void {
  if (spec.mode === "enforce" || reason === errno.EINVAL) fail("seccomp", `error ${reason}`);
}

function fail(failure: LaunchFailure, detail: string): never {
  const [exitCode, reason] = launchFailures[failure];
  writeText(2, `berth jail: ${reason}: ${detail}\n`);
  process.exit(exitCode);
}

function writeFile(path: string, text: string): void {
  const { value: file } = syscall("openat", currentFolder, path, writeOnly, 0);
  if (file < 0) return;
  writeText(file, text);
  syscall("close", file);
}
