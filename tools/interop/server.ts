import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../db/private.ts";
import { AppError } from "../../src/core/fault.ts";
import { type ConfigOptions, configOf, traitsOf } from "./config.ts";
import type { Target } from "./targets.ts";

/** How long a server may take until it answers, in milliseconds; imports alone take ten seconds on a busy machine. */
const startLimitMs = 120_000;
/** How long it may take to end after SIGTERM before it is killed, in milliseconds. */
const stopLimitMs = 10_000;

/** A real Llama Stack or OGX server on loopback. */
export interface RunningTarget {
  target: Target;
  url: string;
  /** Everything that it has logged so far. */
  log(): string;
  stop(): Promise<void>;
}

/**
 * Starts a target from its installed programs and waits until it answers.
 * @throws AppError `unavailable` with the end of its log.
 */
export async function startTarget(
  target: Target,
  programs: string,
  options: Omit<ConfigOptions, "folder">,
): Promise<RunningTarget> {
  const folder = mkdtempSync(join(tmpdir(), "berth-interop-"));
  mkdirSync(join(folder, "files"));
  const configFile = join(folder, "config.yaml");
  writeFileSync(configFile, configOf(target, { ...options, folder }));
  const logFile = join(folder, "server.log");
  const port = await freePort();
  const log = openSync(logFile, "w");
  const child = Bun.spawn([...commandOf(target, programs), configFile, "--port", String(port)], {
    cwd: folder,
    env: environmentOf(programs, folder),
    stdin: "ignore",
    stdout: log,
    stderr: log,
  });
  const url = `http://127.0.0.1:${port}`;
  const running: RunningTarget = {
    target,
    url,
    log: () => readFileSync(logFile, "utf8"),
    stop: async () => {
      child.kill("SIGTERM");
      const limit = setTimeout(() => child.kill("SIGKILL"), stopLimitMs);
      await child.exited;
      clearTimeout(limit);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  const deadline = Date.now() + startLimitMs;
  while (!(await answers(`${url}/v1/version`))) {
    if (child.exitCode === null && Date.now() < deadline) {
      await Bun.sleep(100);
      continue;
    }
    const tail = running.log().slice(-3000);
    await running.stop();
    throw new AppError("unavailable", `Cannot start ${target.name}: it does not answer\n${tail}`);
  }
  return running;
}

function commandOf(target: Target, programs: string): string[] {
  if (target.kind === "llama-stack") return [join(programs, "llama"), "stack", "run"];
  if (!traitsOf(target).isOgxOne) return [join(programs, "ogx"), "stack", "run"];
  return [join(programs, "ogx"), "run", "--insecure"];
}

/** Nothing of the caller's: a stray key or proxy would change what the server does. */
function environmentOf(programs: string, folder: string): Record<string, string> {
  return {
    PATH: `${programs}:/usr/bin:/bin`,
    HOME: folder,
    LANG: "C.UTF-8",
    HF_HUB_OFFLINE: "1",
    LLAMA_STACK_DISABLE_VERSION_CHECK: "1",
    PYTHONUNBUFFERED: "1",
  };
}

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}
