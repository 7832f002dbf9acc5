import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../src/core/fault.ts";

/**
 * Marks a data folder as this process's own, so that two owners never run servers on the same data.
 * @throws AppError `conflict` when another living process owns it.
 */
export function claimFolder(folder: string): void {
  const file = join(folder, "owner");
  const owner = existsSync(file) ? readFileSync(file, "utf8") : "";
  const pid = Number(owner.split(" ")[0]);
  if (owner !== "" && pid !== process.pid && identityOf(pid) === owner) {
    throw new AppError("conflict", `Cannot use "${folder}": process ${pid} is using it`, {
      hint: "Stop that process, or use what it has started.",
    });
  }
  writeFileSync(file, identityOf(process.pid) ?? "");
}

/** A process id and its start time, because ids are used again; undefined when there is no such process. */
function identityOf(pid: number): string | undefined {
  const stat = `/proc/${pid}/stat`;
  if (existsSync(stat)) {
    // The 22nd field, counted after the name in brackets, which may hold blanks (proc(5)).
    const fields = readFileSync(stat, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return `${pid} ${fields[19]}`;
  }
  if (process.platform === "linux") return undefined;
  try {
    process.kill(pid, 0);
    return `${pid}`;
  } catch {
    return undefined;
  }
}
