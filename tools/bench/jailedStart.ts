import { tmpdir } from "node:os";
import { createLogger } from "../../src/core/log.ts";
import { openCommand } from "../../src/edge/bundle.ts";
import { openLauncher } from "../../src/edge/launcher.ts";
import type { Launch } from "../../src/edge/worker.ts";
import { readyBinary } from "./binary.ts";

/** The start of one program in its jail, as a running Berth does it. */
export interface JailedStart {
  /** Prepares one start: folder, rules and filter; what comes back is spawned. */
  prepare(): Promise<Launch>;
  close(): Promise<void>;
}

/** What the private folder of a jail may hold, in bytes. */
const tempLimitBytes = 16 * 1024 * 1024;

/** Opens what the jails of a Berth share; each start in mode `enforce`, granted nothing, by the real binary's launcher. */
export async function openJailedStart(program: string): Promise<JailedStart> {
  const launcher = await openLauncher({
    config: { folder: tmpdir(), mode: "enforce", privateHosts: [] },
    env: { PATH: process.env.PATH },
    log: createLogger("bench", "warn"),
  });
  const berth = await readyBinary("berth");
  const bundle = openCommand("echo", { command: program, args: [], env: {}, cwd: tmpdir() });
  const given = { permissions: undefined, tempLimitBytes };
  return {
    prepare: async () => {
      const launch = await launcher.launch(bundle, given);
      return { ...launch, argv: [berth, "jail"] };
    },
    close: () => launcher.close(),
  };
}
