import { join } from "node:path";
import { createLogger } from "../../src/core/log.ts";
import { Access } from "../../src/edge/access.ts";
import type { ToolFilter } from "../../src/edge/config.ts";
import { Gateway } from "../../src/edge/gateway.ts";
import { GroupUsage } from "../../src/edge/group-usage.ts";
import { Hosted } from "../../src/edge/hosted.ts";
import { listenGateway } from "../../src/edge/listen.ts";
import type { CallRecord } from "../../src/edge/pool-call.ts";
import { defaultLimits, type PoolLimits } from "../../src/edge/pool-limits.ts";

export const fixture: string = join(import.meta.dir, "fixture.ts");

/** One server of a test's gateway. */
export interface TestServer {
  argv?: readonly string[];
  env?: Record<string, string>;
  limits?: Partial<PoolLimits>;
  filter?: ToolFilter;
}

export interface TestGateway extends AsyncDisposable {
  url: string;
  gateway: Gateway;
  /** What the audit log would hold. */
  records: ({ server: string } & CallRecord)[];
  hosted(name: string): Hosted;
  pids(name: string): number[];
}

/** A gateway on a free port whose servers run without a jail; the fixture unless `argv` says otherwise. */
export function startGateway(
  servers: Record<string, TestServer>,
  access: Access = new Access({ tokens: [] }),
): TestGateway {
  const log = createLogger("test", "silent");
  const records: TestGateway["records"] = [];
  const usage = new GroupUsage();
  const front = { allowedHosts: [], bodyLimitBytes: 16 * 1024 * 1024 };
  const hosted = Object.entries(servers).map(([name, server]) => {
    const argv = server.argv ?? [process.execPath, fixture];
    const path = process.env.PATH ?? "";
    return new Hosted({
      name,
      // Looked at for each start, so that a test may change it.
      prepare: async () => ({ argv, env: { PATH: path, ...server.env }, cwd: import.meta.dir }),
      limits: { ...defaultLimits, ...server.limits },
      filter: server.filter,
      front,
      log,
      usageOf: (pid) => usage.of(pid),
      onChanged: () => gateway.forgetCatalog(),
      onCall: (server, record) => records.push({ server, ...record }),
    });
  });
  const gateway = new Gateway({ hosted, access, front, log, health: { mode: "enforce" } });
  const timer = setInterval(() => {
    usage.poll();
    for (const { pool } of hosted) pool.lookAfter(performance.now());
  }, 100);
  for (const { pool } of hosted) pool.start();
  const server = listenGateway(gateway, { host: "127.0.0.1", port: 0 });
  const find = (name: string): Hosted => {
    const found = gateway.hosted.get(name);
    if (found === undefined) throw new Error(`no server ${name}`);
    return found;
  };
  return {
    url: server.url,
    gateway,
    records,
    hosted: find,
    pids: (name) =>
      find(name)
        .pool.roster.list()
        .map(({ child }) => child.pid),
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await server.stop();
    },
  };
}

/** Waits until `isTrue`, at most `limitMs`. */
export async function until(
  isTrue: () => boolean | Promise<boolean>,
  limitMs = 10_000,
): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!(await isTrue())) {
    if (performance.now() > endMs)
      throw new Error(`it did not happen within ${limitMs} ms: ${isTrue}`);
    await Bun.sleep(10);
  }
}

/** Whether a process is there and no zombie. */
export async function isAlive(pid: number): Promise<boolean> {
  const stat = await Bun.file(`/proc/${pid}/stat`)
    .text()
    .catch(() => "");
  return stat !== "" && stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3) !== "Z";
}
