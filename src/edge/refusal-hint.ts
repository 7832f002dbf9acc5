import { dirname } from "node:path";
import type { Refusal } from "./jail/refusal.ts";

const modules = "/node_modules/";

/** Which permission a program that has ended may have lacked: of the last thing that it was refused and that can be granted. */
export function hintOfRefusals(refusals: readonly Refusal[]): string | undefined {
  const last = refusals.findLast((one) => flagOf(one) !== undefined);
  if (last === undefined) return undefined;
  return `Its jail refused it to ${last.attempt}: ${last.reason}. If it needs that, grant it with ${flagOf(last)}, or in berth.json.`;
}

function flagOf({ attempt }: Refusal): string | undefined {
  const [, verb = "", path = ""] = /^(read|write|make|execute) "(\/.*)"$/.exec(attempt) ?? [];
  if (verb === "read") return `--allow-read=${folderOf(path)}`;
  if (verb === "write" || verb === "make") return `--allow-write=${dirname(path)}`;
  if (verb === "execute") return `--allow-run=${path}`;
  if (attempt === "start a process") return "--allow-run=<program>";
  const host = /^reach (.+)$/.exec(attempt)?.[1];
  return host === undefined ? undefined : `--allow-net=${host}`;
}

/** A package from npm reads the packages around it as well. */
function folderOf(path: string): string {
  const at = path.indexOf(modules);
  return at < 0 ? dirname(path) : path.slice(0, at + modules.length - 1);
}
