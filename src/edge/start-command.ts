import { statSync } from "node:fs";
import { basename, isAbsolute, relative, resolve } from "node:path";
import { AppError } from "../core/fault.ts";
import type { Host } from "./host.ts";
import { machineOf } from "./machine.ts";
import { commandFor, type Manifest } from "./manifest.ts";
import { revealText, type Text } from "./text.ts";
import { fillList, fillText, type Variables } from "./variables.ts";

/** How a bundle is started. */
export interface StartCommand {
  /** Program and arguments; no shell reads them. */
  command: readonly Text[];
  /** What the manifest and the runtime set; nothing of Berth's own environment. */
  env: Readonly<Record<string, Text>>;
}

/**
 * Berth's own Bun instead of a Node of the machine: a bundle runs the same everywhere. BUN_BE_BUN turns the compiled
 * binary into plain Bun; the flags keep a bundle from fetching packages and from reading a .env at its start.
 */
export const embeddedRuntime = {
  flags: ["--no-install", "--no-env-file"],
  env: { BUN_BE_BUN: "1" },
} as const;

interface StartInput {
  manifest: Manifest;
  folder: string;
  variables: Variables;
  host: Host;
}

/** The command line and environment of a bundle on this machine. */
export function startCommandOf({ manifest, folder, variables, host }: StartInput): StartCommand {
  const { platforms } = manifest.compatibility ?? {};
  if (platforms !== undefined && !platforms.some((platform) => platform === host.platform)) {
    throw startFault(manifest, `it is for ${platforms.join(", ")}, and this is ${host.platform}`);
  }
  const template = commandFor(manifest, host.platform);
  const env: Record<string, Text> = {};
  for (const [name, text] of Object.entries(template.env)) {
    const value = fillText(text, variables);
    if (value !== undefined) env[name] = value;
  }
  const program = revealText(fillText(template.command, variables) ?? "");
  const { entry_point } = manifest.server;
  const entry = fileIn(manifest, folder, entry_point);
  // The specification's own examples also write paths of the bundle without ${__dirname}.
  const args = fillList(template.args, variables).map((arg) => (arg === entry_point ? entry : arg));
  const started = starters[manifest.server.type]({ manifest, folder, host, program, args, entry });
  return { command: started.command, env: { ...env, ...started.env } };
}

interface StartParts {
  manifest: Manifest;
  folder: string;
  host: Host;
  program: string;
  args: readonly Text[];
  entry: string;
}

const starters = { node: startNode, binary: startBinary, python: startPython };

function startNode({ manifest, host, program, args, entry }: StartParts): StartCommand {
  if (!["node", "nodejs", "bun"].includes(basename(program).replace(/\.exe$/, ""))) {
    throw startFault(
      manifest,
      `its command is ${JSON.stringify(program)}; expected node or bun for server.type node`,
      "A command that fetches or builds the server first can be listed in berth.json under mcpServers instead.",
    );
  }
  const script = args.length === 0 ? [entry] : args;
  return { command: [host.runtime, ...embeddedRuntime.flags, ...script], env: embeddedRuntime.env };
}

function startBinary({ manifest, folder, host, program, args }: StartParts): StartCommand {
  const file = fileIn(manifest, folder, program);
  if ((statSync(file).mode & 0o111) === 0)
    throw startFault(manifest, `${JSON.stringify(program)} is not executable`);
  const machine = machineOf(file);
  const here = host.platform === "linux" ? `${host.platform}-${host.arch}` : host.platform;
  if (machine !== undefined && machine !== here) {
    throw startFault(
      manifest,
      `${JSON.stringify(program)} is machine code for ${machine}, and this is ${host.platform}-${host.arch}`,
      "Install the bundle that its publisher made for this system.",
    );
  }
  return { command: [file, ...args], env: {} };
}

function startPython({ manifest, folder, host, program, args, entry }: StartParts): StartCommand {
  const script = args.length === 0 ? [entry] : args;
  return {
    command: [findPython(manifest, folder, host, program), ...script],
    // A __pycache__ would change the pinned content.
    env: { PYTHONDONTWRITEBYTECODE: "1" },
  };
}

function findPython(manifest: Manifest, folder: string, host: Host, program: string): string {
  if (program.includes("/")) return fileIn(manifest, folder, program);
  const found = [program, "python3", "python"]
    .map((name) => host.whichBinary(name) ?? host.which(name))
    .find(Boolean);
  if (found !== undefined) return found;
  throw startFault(
    manifest,
    `it needs Python${manifest.compatibility?.runtimes?.python ? ` ${manifest.compatibility.runtimes.python}` : ""}, and there is no ${program} on PATH`,
    "Use an image with Python inside, or install python3.",
  );
}

/** The absolute path of a file of the bundle; anything outside its folder is refused. */
function fileIn(manifest: Manifest, folder: string, path: string): string {
  const file = resolve(folder, path);
  const below = relative(folder, file);
  if (below.startsWith("..") || isAbsolute(below)) {
    throw startFault(manifest, `${JSON.stringify(path)} is outside the bundle`);
  }
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw startFault(manifest, `${JSON.stringify(path)} is no file of it`);
  }
  return file;
}

function startFault(manifest: Manifest, state: string, hint?: string): AppError {
  return new AppError("invalid_input", `Cannot start the bundle "${manifest.name}": ${state}`, {
    ...(hint !== undefined && { hint }),
  });
}
