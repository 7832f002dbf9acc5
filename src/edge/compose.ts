import { isAbsolute, resolve } from "node:path";
import { AppError } from "../core/fault.ts";
import type { Logger } from "../core/log.ts";
import { Secret } from "../core/secret.ts";
import { Access, isLoopback } from "./access.ts";
import { Audit } from "./audit.ts";
import type { Bundle } from "./bundle.ts";
import type { ConfigText } from "./config.ts";
import type { Config } from "./config-file.ts";
import { resolveText } from "./config-text.ts";
import { Gateway } from "./gateway.ts";
import { GroupMemory } from "./group-memory.ts";
import { Hosted, type SharedFront } from "./hosted.ts";
import { OAuth } from "./oauth.ts";
import { reservedNames } from "./paths.ts";
import type { Permissions } from "./permissions.ts";
import { defaultLimits, type PoolLimits, sessionLimits } from "./pool-limits.ts";
import { listServers, openServer, type ServerEntry } from "./servers.ts";
import { revealText } from "./text.ts";
import { FileWatch, filesOf, watchEveryMs } from "./watch.ts";
import type { Launch } from "./worker.ts";

/** How often limits and waiting calls are looked after, in milliseconds. */
const lookAfterMs = 500;

export interface BerthOptions {
  config: Config;
  env: Readonly<Record<string, string | undefined>>;
  log: Logger;
  /** Turns a server and what it is granted into what is spawned: its jail. */
  launch: (bundle: Bundle, granted: Permissions | undefined) => Promise<Launch>;
  access: Access;
}

/** Everything that serves: the gateway, and what looks after it. */
export interface Berth {
  gateway: Gateway;
  close(): void;
}

/** Opens every server of a configuration behind one gateway and starts them. */
export function openBerth(options: BerthOptions): Berth {
  const { config, log } = options;
  const audit = openAudit(options);
  const memory = new GroupMemory();
  const entries = listServers(config).filter(({ config: { disabled } }) => disabled !== true);
  checkNames(entries);
  const front = frontOf(config);
  /** The files of each server's command line, known once it has been started. */
  const watched = new Map<string, string[]>();
  const watches = new Map<string, FileWatch>();
  const hosted = entries.map((entry) => {
    const prepare = async (): Promise<Launch> => {
      // Opened for each start: what runs is what is installed now, checked against its pin.
      const bundle = openServer(entry, config, { env: options.env });
      watched.set(entry.name, bundle.command.map(revealText));
      watches.get(entry.name)?.rebase();
      return options.launch(bundle, entry.config.permissions);
    };
    return new Hosted({
      name: entry.name,
      prepare,
      limits: limitsOf(config, entry),
      filter: entry.config.tools,
      front,
      log,
      rssOf: (pid) => memory.of(pid),
      onCall: (server, record) => audit?.record(server, record),
      onChanged: () => gateway.forgetCatalog(),
    });
  });
  const gateway = new Gateway({
    hosted,
    access: options.access,
    front,
    log,
    health: { mode: config.mode },
  });
  for (const [index, { name, folder, config: server }] of entries.entries()) {
    const cwd = resolve(config.folder, server.cwd ?? ".");
    const listFiles = () => filesOf(folder, watched.get(name) ?? [], cwd);
    watches.set(name, new FileWatch(listFiles, () => hosted[index]?.pool.reload()));
  }
  const timers = [
    setInterval(() => {
      memory.poll();
      for (const watch of watches.values()) watch.poll();
    }, watchEveryMs),
    setInterval(() => {
      const nowMs = performance.now();
      for (const { pool } of hosted) pool.lookAfter(nowMs);
    }, lookAfterMs),
  ];
  for (const { pool } of hosted) pool.start();
  return {
    gateway,
    close() {
      for (const timer of timers) clearInterval(timer);
      audit?.close();
    },
  };
}

/** Who may call, from `auth` of berth.json. */
export function openAccess(config: Config, env: BerthOptions["env"]): Access {
  const { tokens = [], oauth } = config.auth;
  const secret = (text: ConfigText, at: string): Secret =>
    new Secret(revealText(resolveText(text, at, { env, folder: config.folder })));
  return new Access({
    tokens: tokens.map((grant, index) => ({
      ...grant,
      token: secret(grant.token, `auth.tokens[${index}].token`),
    })),
    oauth: oauth && new OAuth(oauth),
  });
}

/** The bounds of one server: its own before those of berth.json before the defaults. */
export function limitsOf(config: Config, { config: server }: ServerEntry): PoolLimits {
  const policy = server.policy ?? "shared";
  const own = policy === "per_session" ? sessionLimits : {};
  return { ...defaultLimits, ...own, ...defined(config.limits), ...defined(server.limits), policy };
}

function frontOf({ listen }: Config): SharedFront {
  const { allowedHosts, allowedOrigins = [] } = listen;
  // On an address that others reach, access control decides; clients there use names that nobody here knows.
  const hosts = allowedHosts ?? (isLoopback(listen.host) ? [] : ["*"]);
  return { allowedHosts: hosts, allowedOrigins };
}

function openAudit({ config, log }: BerthOptions): Audit | undefined {
  const file = config.audit?.file;
  if (file === undefined) return undefined;
  const path = isAbsolute(file) ? file : resolve(config.folder, file);
  return new Audit(path, (error) => log.error({ err: error }, "the audit log cannot be written"));
}

function checkNames(entries: readonly ServerEntry[]): void {
  const taken = entries.find(({ name }) => reservedNames.has(name));
  if (taken === undefined) return;
  throw new AppError(
    "invalid_config",
    `Cannot serve "${taken.name}": the name is a path of Berth`,
    {
      hint: `Choose another name; these are taken: ${[...reservedNames].join(", ")}.`,
    },
  );
}

function defined(
  limits: Partial<Record<keyof PoolLimits, number | undefined>> = {},
): Partial<PoolLimits> {
  const set = Object.entries(limits).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set);
}
