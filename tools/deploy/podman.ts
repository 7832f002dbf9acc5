import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
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

function writeEngine(): string {
  const file = join(tmpdir(), `berth-containers-${process.pid}.conf`);
  writeFileSync(file, engine);
  process.on("exit", () => rmSync(file, { force: true }));
  return file;
}

/** Runs one podman command. */
export function podman(args: readonly string[], run: ToolRun = {}): Promise<ToolAnswer> {
  return runTool(["podman", ...args], { ...run, env: { ...engineEnv, ...run.env } });
}
