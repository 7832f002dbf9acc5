import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { runTool, type ToolAnswer, type ToolRun } from "./runTool.ts";

/**
 * How podman has to run where root holds no CAP_SYS_RESOURCE and the cgroups are mixed: with limits below the hard ones,
 * without systemd, and with runc, because crun refuses such cgroups. Plain machines do as well with it.
 */
const engine = `[containers]
default_ulimits = ["nofile=20000:20000", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
`;

/** What OpenShift's restricted-v2 makes of a container, with a user that no image knows. */
export const restricted: readonly string[] = [
  "--user=1000680000:0",
  "--read-only",
  "--read-only-tmpfs=false",
  "--tmpfs=/tmp:rw,noexec,nosuid,size=16m,mode=1777",
  "--cap-drop=ALL",
  "--security-opt=no-new-privileges",
  "--pids-limit=256",
];

/** The environment that podman and buildah run in. */
export const engineEnv: Readonly<Record<string, string>> = { CONTAINERS_CONF: writeEngine() };

/** Kept for the next run; renamed into its place, because others may be reading it. */
function writeEngine(): string {
  const folder = join(homedir(), ".cache", "berth");
  const file = join(folder, "containers.conf");
  if (existsSync(file) && readFileSync(file, "utf8") === engine) return file;
  mkdirSync(folder, { recursive: true });
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, engine);
  renameSync(fresh, file);
  return file;
}

/** Runs one podman command. */
export function podman(args: readonly string[], run: ToolRun = {}): Promise<ToolAnswer> {
  return runTool(["podman", ...args], { ...run, env: { ...engineEnv, ...run.env } });
}
