import {
  chmodSync,
  constants,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { createLogger } from "../../src/core/log.ts";
import { type Egress, openEgress } from "../../src/edge/egress.ts";
import { effectivePermissions, normalizePermissions } from "../../src/edge/grants.ts";
import { GroupUsage } from "../../src/edge/group-usage.ts";
import { type Broker, openBroker } from "../../src/edge/jail/broker.ts";
import { jailCommand } from "../../src/edge/jail/command.ts";
import { childEnvironment } from "../../src/edge/jail/environment.ts";
import { readSupport } from "../../src/edge/jail/read-support.ts";
import type { Reported } from "../../src/edge/jail/report.ts";
import type { JailLimits, JailMode } from "../../src/edge/jail/spec.ts";
import type { JailSupport } from "../../src/edge/jail/support.ts";
import { createTempFolder, type TempFolder } from "../../src/edge/jail/temp-folder.ts";
import { permissionsSchema } from "../../src/edge/permissions.ts";
import { signalGroup } from "../../src/edge/process-group.ts";
import { refusalsOf } from "./refusals.ts";

const launcherFile = Bun.fileURLToPath(new URL("./launcher.ts", import.meta.url));
/** Every destructive program is bounded by itself as well; this ends what goes wrong. */
const runLimitMs = 20_000;

/** What a jailed program is granted and told, as a test writes it. */
export interface JailedRun {
  /** Grants in the form of berth.json. */
  grants?: unknown;
  env?: Record<string, string>;
  limits?: JailLimits & { tempBytes?: number };
  mode?: JailMode;
  /** Ends the program when its group takes more than this, as the supervisor does. */
  endAboveBytes?: number;
  endAboveTempBytes?: number;
}

export interface JailedResult {
  exitCode: number | null;
  signal: string | null;
  /** The JSON that the program wrote, or its text. */
  out: unknown;
  stderr: string;
  ended: "memory" | "temp" | null;
}

/** A place with a broker, a proxy and a built bundle, for one way to be launched. */
export interface Prison {
  folder: string;
  /** Bun, where the user of this prison can reach it. */
  runtime: string;
  outside: string;
  bundle: string;
  support: JailSupport;
  egress: Egress;
  /** Runs the attempts in a jail, by Bun. */
  attempt(names: readonly string[], run?: JailedRun): Promise<JailedResult>;
  /** Runs any command in a jail. */
  run(command: string, args: readonly string[], run?: JailedRun): Promise<JailedResult>;
  /** Starts a command without waiting. */
  start(command: string, args: readonly string[], run?: JailedRun): Promise<Started>;
  close(): Promise<void>;
}

export interface Started {
  pid: number;
  result: Promise<JailedResult>;
  /** What its jail has refused it until its end, sorted: `call: attempt: reason`. */
  refusals(): Promise<string[]>;
  kill(): void;
}

/** @param wrapper What the launcher is started through, such as `setpriv --reuid 65534 …`. */
export async function openPrison(options: {
  wrapper?: readonly string[];
  resolve?: (host: string) => Promise<string[]>;
}): Promise<Prison> {
  const folder = realpathSync(mkdtempSync("/tmp/jail-"));
  chmodSync(folder, 0o777);
  const outside = join(folder, "outside");
  mkdirSync(outside);
  chmodSync(outside, 0o777);
  writeFileSync(join(outside, "secret.txt"), "a secret");
  const bundle = await buildAttempts(folder);
  const runtime = options.wrapper === undefined ? process.execPath : copyRuntime(folder);
  const file = options.wrapper === undefined ? launcherFile : await buildLauncher(folder);
  const launcher = [...(options.wrapper ?? []), runtime, file];
  const reported: Reported[] = [];
  const broker = await openBroker(launcher, folder, (one) => reported.push(one));
  const support = await readSupport(launcher, broker.path);
  const log = createLogger("test", "silent");
  const egress = await openEgress({ log, ...(options.resolve && { resolve: options.resolve }) });
  const place = { folder, bundle, launcher, broker, support, egress, reported };
  const start: Prison["start"] = (command, args, run = {}) =>
    startJailed(place, { command, args, run });
  const run: Prison["run"] = async (...given) => (await start(...given)).result;
  return {
    folder,
    runtime,
    outside,
    bundle,
    support,
    egress,
    start,
    run,
    attempt: (names, given) => run(runtime, [join(bundle, "attempts.js"), ...names], given),
    close: async () => {
      await broker.close();
      await egress.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Another user may not enter the folders that Bun and the sources lie in: a home, a private checkout. */
function copyRuntime(folder: string): string {
  const file = join(folder, "bun");
  copyFileSync(process.execPath, file, constants.COPYFILE_FICLONE);
  chmodSync(file, 0o755);
  return file;
}

async function buildLauncher(folder: string): Promise<string> {
  const outdir = join(folder, "launcher");
  await Bun.build({ entrypoints: [launcherFile], target: "bun", outdir });
  return join(outdir, "launcher.js");
}

interface Place {
  folder: string;
  bundle: string;
  launcher: readonly string[];
  broker: Broker;
  support: JailSupport;
  egress: Egress;
  reported: readonly Reported[];
}

async function startJailed(
  place: Place,
  { command, args, run }: { command: string; args: readonly string[]; run: JailedRun },
): Promise<Started> {
  const temp = createTempFolder(place.folder, "tmp");
  chmodSync(temp.path, 0o777);
  const path = "/usr/local/bin:/usr/bin:/bin";
  const asked = permissionsSchema.parse(run.grants ?? {});
  const written = normalizePermissions(asked, { base: "/", path });
  const permissions = effectivePermissions(written, written);
  const guest = place.egress.admit("test", permissions.net);
  const jailed = jailCommand({
    ...{ command, args, cwd: place.bundle, folder: place.bundle, path, permissions },
    ...{ launcher: place.launcher, support: place.support, mode: run.mode ?? "enforce" },
    ...{ proxyPort: place.egress.port, brokerPath: place.broker.path, tempFolder: temp.path },
    limits: { openFiles: 256, ...run.limits },
    env: childEnvironment({
      own: { BUN_BE_BUN: "1", ...run.env },
      host: { SECRET: "the runtime's" },
      permissions,
      tempFolder: temp.path,
      proxyUrl: guest.url,
    }),
  });
  const child = Bun.spawn(jailed.argv, {
    env: jailed.env,
    cwd: jailed.cwd,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: runLimitMs,
    killSignal: "SIGKILL",
  });
  return {
    pid: child.pid,
    result: watch(child, temp, run).finally(guest.release),
    refusals: () => refusalsOf(child.pid, place.reported),
    kill: () => signalGroup(child.pid, "SIGKILL"),
  };
}

async function watch(
  child: Bun.Subprocess<"ignore", "pipe", "pipe">,
  temp: TempFolder,
  { endAboveBytes = Infinity, endAboveTempBytes = Infinity }: JailedRun,
): Promise<JailedResult> {
  let ended: JailedResult["ended"] = null;
  const usage = new GroupUsage();
  const poll = setInterval(async () => {
    usage.poll();
    if (usage.of(child.pid).rssBytes > endAboveBytes) ended = "memory";
    if ((await temp.measure(endAboveTempBytes)) > endAboveTempBytes) ended = "temp";
    if (ended) signalGroup(child.pid, "SIGKILL");
  }, 20);
  const [text, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  clearInterval(poll);
  // Whatever stayed in the group goes with its leader.
  signalGroup(child.pid, "SIGKILL");
  const { exitCode } = child;
  const signal = child.signalCode === null ? null : String(child.signalCode);
  return { exitCode, signal, out: parsed(text), stderr, ended };
}

/** How many processes of a group live; one that has ended and is not reaped yet does not. */
export function groupSize(leader: number): number {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    const stat = readStat(pid);
    const [state = "", , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(group) === leader && !"ZX".includes(state);
  }).length;
}

function readStat(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return "";
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Builds the program that tries to escape into one file, as a bundle is. */
async function buildAttempts(folder: string): Promise<string> {
  const outdir = join(folder, "bundle");
  const entry = Bun.fileURLToPath(new URL("./attempts.ts", import.meta.url));
  await Bun.build({ entrypoints: [entry], outdir, target: "bun" });
  return outdir;
}
