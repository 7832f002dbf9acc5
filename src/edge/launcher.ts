import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Logger } from "../core/log.ts";
import type { Bundle } from "./bundle.ts";
import type { Config } from "./config-file.ts";
import { type Egress, openEgress } from "./egress.ts";
import type { EgressUse } from "./egress-uses.ts";
import { refuseFetched } from "./fetched-program.ts";
import { FileUseRecord, type FileUses } from "./file-uses.ts";
import { settledPermissions } from "./grants.ts";
import { type Broker, brokerPath, openBroker } from "./jail/broker.ts";
import { jailCommand } from "./jail/command.ts";
import { childEnvironment } from "./jail/environment.ts";
import { readSupport } from "./jail/read-support.ts";
import type { Refusal } from "./jail/refusal.ts";
import { type FileUse, type Reported, refusalLimitCount } from "./jail/report.ts";
import { hideProcess } from "./jail/restrict.ts";
import { socketPolicy } from "./jail/socket-policy.ts";
import type { JailSupport } from "./jail/support.ts";
import { createTempFolder } from "./jail/temp-folder.ts";
import { noPermissions, type Permissions } from "./permissions.ts";
import { createRunFolder } from "./run-folder.ts";
import { revealText } from "./text.ts";
import type { Launch } from "./worker.ts";

/** The most files that a bundle may have open. */
const openFileLimitCount = 4096;

/** How long the broker may take to tell what the last servers were refused, in milliseconds. */
const lastWordsLimitMs = 200;

export interface LauncherOptions {
  config: Pick<Config, "folder" | "mode" | "privateHosts"> & Partial<Pick<Config, "tellReads">>;
  env: Readonly<Record<string, string | undefined>>;
  log: Logger;
}

/** What the operator gives one bundle. */
export interface Given {
  permissions: Permissions | undefined;
  /** What it may keep in its private folder, in bytes; over it, it is ended. */
  tempLimitBytes: number;
}

/** Everything that jails have in common: what the kernel enforces, the proxy, the broker and the run-time folder. */
export interface Launcher {
  readonly support: JailSupport;
  /** Makes one start of a bundle with what it is granted. */
  launch(bundle: Bundle, given: Given): Promise<Launch>;
  /** Settles, with the reason, when the jails can no longer be kept as they were promised; whoever serves must end. */
  readonly failed: Promise<string>;
  /** The addresses that a bundle has reached or tried to reach through the proxy. */
  usesOf(bundle: string): EgressUse[];
  /** The granted files and folders that a bundle has used. */
  fileUsesOf(bundle: string): FileUses;
  close(): Promise<void>;
}

/** The command behind every jail: this program's hidden word, reached before the rest of it is loaded. */
export function launcherCommand(): string[] {
  const isCompiled = import.meta.dir.startsWith("/$bunfs");
  return isCompiled
    ? [process.execPath, "jail"]
    : [process.execPath, join(import.meta.dir, "main.ts"), "jail"];
}

export async function openLauncher(options: LauncherOptions): Promise<Launcher> {
  const command = launcherCommand();
  const runFolder = createRunFolder(tmpdir());
  const { path: folder } = runFolder;
  const jailed: Parts["jailed"] = new Map();
  const files = new FileUseRecord();
  const { privateHosts } = options.config;
  // Beside each other: the probe waits for the broker, and each takes as long to start.
  const isLinux = process.platform === "linux";
  const [broker, support] = await Promise.all([
    isLinux ? openBroker(command, folder, (reported) => pass(reported, jailed)) : undefined,
    readSupport(command, brokerPath(folder)),
  ]).catch((error: unknown) => {
    runFolder.remove();
    throw error;
  });
  const egress = await openEgress({ log: options.log, privateHosts });
  // Where the kernel does not keep bundles out of /proc, this keeps Berth's own environment from them.
  hideProcess();
  const parts = { ...options, command, folder, broker, support, egress, files, jailed };
  let isClosing = false;
  const failed = new Promise<string>((resolve) => {
    void broker?.ended.then((code) => {
      if (!isClosing) resolve(`the socket broker has ended with code ${code}`);
    });
  });
  return {
    support,
    failed,
    usesOf: (bundle) => egress.usesOf(bundle),
    fileUsesOf: (bundle) => files.of(bundle),
    launch: async (bundle, given) => launch(parts, bundle, given),
    async close() {
      isClosing = true;
      await egress.close();
      // What a server did last is judged when it has ended: it may be why it has.
      const limitAtMs = performance.now() + lastWordsLimitMs;
      while (jailed.size > 0 && performance.now() < limitAtMs) await Bun.sleep(5);
      await broker?.close();
      runFolder.remove();
    },
  };
}

interface Parts extends LauncherOptions {
  command: string[];
  folder: string;
  broker: Broker | undefined;
  support: JailSupport;
  egress: Egress;
  files: FileUseRecord;
  /** Whom to tell what a child's jail has refused and let through, by the child. */
  jailed: Map<number, { onRefusal(refusal: Refusal): void; onUse(use: FileUse): void }>;
}

function forget(jailed: Parts["jailed"], child: number): void {
  jailed.delete(child);
}

/** Each different refusal once, as the broker tells them: a program that goes on trying says nothing new. */
function onceEach(tell: (refusal: Refusal) => void): (refusal: Refusal) => void {
  const told = new Set<string>();
  return (refusal) => {
    const key = `${refusal.attempt}: ${refusal.reason}`;
    if (told.has(key) || told.size >= refusalLimitCount) return;
    told.add(key);
    tell(refusal);
  };
}

function pass(reported: Reported, jailed: Parts["jailed"]): void {
  if ("hasEnded" in reported) {
    jailed.delete(reported.child);
    return;
  }
  const { child, ...what } = reported;
  if ("used" in what) jailed.get(child)?.onUse(what);
  else jailed.get(child)?.onRefusal(what);
}

/** What is not there when a server starts stays closed to it: most often its path is mistyped. */
function warnOfAbsent(log: Logger, server: string, { read, run }: Permissions): void {
  const granted = [read.allow, run.allow].flatMap((list) => (list === true ? [] : list));
  const absent = granted.filter((path) => !existsSync(path));
  if (absent.length > 0) log.warn({ server, absent }, "granted, and not there");
}

function launch(parts: Parts, bundle: Bundle, given: Given): Launch {
  const { config, env, support, egress, broker } = parts;
  const path = env.PATH ?? "";
  const { permissions: granted = noPermissions, tempLimitBytes } = given;
  const permissions = settledPermissions(
    { permissions: bundle.asks, base: bundle.folder },
    { permissions: granted, base: config.folder },
    path,
  );
  const tellReads = config.tellReads ?? true;
  const [program = "", ...args] = bundle.command.map(revealText);
  refuseFetched(program, permissions);
  warnOfAbsent(parts.log, bundle.name, permissions);
  const temp = createTempFolder(parts.folder, bundle.name);
  const sockets = { permissions, support, brokerPath: broker?.path, proxyPort: egress.port };
  const isProxied = ["brokered", "proxied"].includes(socketPolicy(sockets));
  let tell: ((refusal: Refusal) => void) | undefined;
  const onRefusal = onceEach((refusal) => tell?.(refusal));
  const guest = isProxied ? egress.admit(bundle.name, permissions.net, onRefusal) : undefined;
  let child: number | undefined;
  const dispose = async (): Promise<void> => {
    // One that never came under its filter is never said to have ended.
    if (child !== undefined) setTimeout(forget, lastWordsLimitMs, parts.jailed, child).unref();
    guest?.release();
    await temp.remove();
  };
  try {
    const own = Object.entries(bundle.env).map(([name, text]) => [name, revealText(text)] as const);
    const jailed = jailCommand({
      ...sockets,
      launcher: parts.command,
      command: program,
      args,
      cwd: bundle.folder,
      folder: bundle.manifest === null ? undefined : bundle.folder,
      tempFolder: temp.path,
      env: childEnvironment({
        own: Object.fromEntries(own),
        host: env,
        permissions,
        tempFolder: temp.path,
        proxyUrl: guest?.url,
      }),
      mode: config.mode,
      tellReads,
      limits: { openFiles: openFileLimitCount, tempBytes: tempLimitBytes },
      path,
    });
    return {
      // Its `cwd` too: the runtime must not start in the bundle's folder, where it would read the bundle's bunfig.toml
      // before there is a jail. The launcher enters the folder itself.
      ...jailed,
      dispose,
      // Until the broker says that nobody is left: what it was refused last may be why it has ended.
      onSpawned: (pid, told) => {
        tell = told;
        if (!support.broker) return;
        child = pid;
        const onUse = parts.files.admit(bundle.name, permissions, { tellReads });
        parts.jailed.set(pid, { onRefusal: told, onUse });
      },
      findExcess: async () => {
        const bytes = await temp.measure(tempLimitBytes);
        return bytes > tempLimitBytes
          ? `its private folder holds over ${tempLimitBytes} bytes`
          : undefined;
      },
    };
  } catch (error) {
    void dispose();
    throw error;
  }
}
