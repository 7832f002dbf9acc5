import { resolve } from "node:path";
import type { Logger } from "../core/log.ts";
import type { Access } from "./access.ts";
import type { Audit } from "./audit.ts";
import type { Config } from "./config-file.ts";
import { checkNames, frontOf, limitsOf, openAudit } from "./config-parts.ts";
import { openConsole } from "./console.ts";
import { Gateway } from "./gateway.ts";
import { GroupUsage, surgeWatchMs } from "./group-usage.ts";
import { Hosted, type SharedFront } from "./hosted.ts";
import type { Launcher } from "./launcher.ts";
import { Reaper } from "./reaper.ts";
import { listServers, openServer, type ServerEntry } from "./servers.ts";
import { revealText } from "./text.ts";
import { FileWatch, filesOf, watchEveryMs } from "./watch.ts";

/** How often limits and waiting calls are looked after, in milliseconds. */
const lookAfterMs = 500;

export interface BerthOptions {
  config: Config;
  env: Readonly<Record<string, string | undefined>>;
  log: Logger;
  /** Turns a server and what it is granted into what is spawned: its jail. */
  launch: Launcher["launch"];
  /** What a server has done with the network. */
  usesOf: Launcher["usesOf"];
  fileUsesOf: Launcher["fileUsesOf"];
  access: Access;
}

/** Everything that serves: the gateway, and what looks after its servers. */
export class Berth {
  readonly gateway: Gateway;
  readonly #options: BerthOptions;
  readonly #audit: Audit | undefined;
  readonly #usage = new GroupUsage();
  readonly #reaper = new Reaper();
  readonly #hosted: readonly Hosted[];
  readonly #watches = new Map<string, FileWatch>();
  readonly #timers: readonly ReturnType<typeof setInterval>[];

  /** Opens every server of a configuration behind one gateway and starts them. */
  constructor(options: BerthOptions) {
    const { config, log, access } = options;
    this.#options = options;
    const entries = listServers(config).filter(({ config: { disabled } }) => disabled !== true);
    checkNames(entries);
    this.#audit = openAudit(config, log);
    const front = frontOf(config);
    this.#hosted = entries.map((entry) => this.#host(entry, front));
    const health = { mode: config.mode };
    const console = openConsole({ ...options, hosted: this.#hosted, entries });
    this.gateway = new Gateway({ hosted: this.#hosted, access, front, log, health, console });
    this.#timers = [
      setInterval(() => this.#poll(), watchEveryMs),
      setInterval(() => this.#lookAfter(), lookAfterMs),
      setInterval(() => this.#usage.pollOnSurge() && this.#lookAfter(), surgeWatchMs),
    ];
    for (const { pool } of this.#hosted) pool.start();
  }

  /** Called when every server has ended. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#audit?.close();
    await this.#reaper.close();
  }

  #host(entry: ServerEntry, front: SharedFront): Hosted {
    const { config, log, env, launch } = this.#options;
    const { name, folder, config: server } = entry;
    const limits = limitsOf(config, entry);
    const { tempLimitBytes } = limits;
    let command: string[] = [];
    const cwd = resolve(config.folder, server.cwd ?? ".");
    const hosted = new Hosted({
      name,
      prepare: async () => {
        // Opened for each start: what runs is what is installed now, checked against its pin.
        const bundle = openServer(entry, config, { env });
        command = bundle.command.map(revealText);
        watch.rebase();
        return launch(bundle, { permissions: server.permissions, tempLimitBytes });
      },
      limits,
      filter: server.tools,
      front,
      log,
      usageOf: (pid) => this.#usage.of(pid),
      reaper: this.#reaper,
      onCall: (called, record) => this.#audit?.record(called, record),
      onChanged: () => this.gateway.forgetCatalog(),
    });
    const watch = new FileWatch(
      () => filesOf(folder, command, cwd),
      () => hosted.pool.reload(),
    );
    this.#watches.set(name, watch);
    return hosted;
  }

  #poll(): void {
    this.#usage.poll();
    for (const watch of this.#watches.values()) watch.poll();
  }

  #lookAfter(): void {
    const nowMs = performance.now();
    for (const { pool } of this.#hosted) pool.lookAfter(nowMs);
  }
}
