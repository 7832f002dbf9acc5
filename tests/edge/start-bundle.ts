import { chmodSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../src/core/fault.ts";
import { type OpenOptions, openBundle } from "../../src/edge/bundle.ts";
import type { Host } from "../../src/edge/host.ts";
import { revealText } from "../../src/edge/text.ts";
import { openFolder, writeBundle, writeFiles } from "../berth.ts";

export const host: Host = {
  platform: "linux",
  arch: "x64",
  runtime: "/opt/berth",
  home: "/home/ada",
  which: () => undefined,
  whichBinary: (name) => (name === "python3" ? "/usr/bin/python3" : undefined),
};

/** How a bundle with this manifest starts: the command line, the environment, or why it does not. */
export function startBundle(
  more: Record<string, unknown>,
  userConfig: OpenOptions["userConfig"] = {},
  on: Partial<Host> = {},
) {
  using folder = openFolder();
  const path = writeBundle(folder.path, more);
  writeFiles(path, {
    "server/main.py": "",
    "bin/tool": elf(62),
    "bin/arm": elf(183),
    "bin/script": "#!/bin/sh\n",
  });
  for (const name of ["tool", "arm", "script"]) chmodSync(join(path, "bin", name), 0o755);
  try {
    const { command, env } = openBundle(path, { userConfig, host: { ...host, ...on } });
    const show = (text: string) => text.replaceAll(path, "FOLDER");
    return {
      command: command.map((part) => show(revealText(part))),
      env: Object.fromEntries(
        Object.entries(env).map(([name, value]) => [name, show(revealText(value))]),
      ),
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.message.replaceAll(path, "FOLDER");
  }
}

/** The first bytes of a Linux program for one machine. */
function elf(machine: number): Uint8Array {
  const head = new Uint8Array(64);
  head.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  head[18] = machine;
  return head;
}

export const server = (type: string, entry_point: string, mcp_config: Record<string, unknown>) => ({
  server: { type, entry_point, mcp_config },
});
export const bun = ["/opt/berth", "--no-install", "--no-env-file"];
export const bunEnv = { BUN_BE_BUN: "1" };
export const option = (more: Record<string, unknown>) => ({
  type: "string",
  title: "T",
  description: "D.",
  ...more,
});
