/** `berth serve customer`: one of the bundles that lie beside this program, over HTTP, as the whole process. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { AppError } from "../core/fault.ts";
import { configFile } from "./config-file.ts";
import { manifestFile, parseManifest } from "./manifest.ts";
import { embeddedRuntime } from "./start-command.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** A bundle that came with this program, as a container image holds them. */
export interface BundleBeside {
  name: string;
  /** The absolute path of its script. */
  entry: string;
}

/**
 * The bundle that a word names: `customer` or `customer-mcp`. A path that exists is a path, whatever it is called.
 * @param program The executable that `bundles/` lies beside.
 */
export function findBundleBeside(
  word: string | undefined,
  { cwd, program = process.execPath }: { cwd: string; program?: string },
): BundleBeside | undefined {
  if (word === undefined || !/^[a-z0-9][\w-]*$/.test(word)) return undefined;
  if (existsSync(resolve(cwd, word))) return undefined;
  for (const name of [word, `${word}-mcp`]) {
    const folder = join(dirname(program), "bundles", name);
    const file = join(folder, manifestFile);
    if (!existsSync(file)) continue;
    const manifest = parseManifest(readFileSync(file, "utf8"), file);
    return { name, entry: join(folder, manifest.server.entry_point) };
  }
  return undefined;
}

/**
 * Refuses to serve nothing where bundles lie beside this program: whoever starts an image and names no server, or one that is
 * not there, is told which there are. Elsewhere an empty folder is served, and a path that is not there is the reader's to refuse.
 * @throws AppError `usage`
 */
export function checkServable(
  path: string | undefined,
  { cwd, env, program = process.execPath }: { cwd: string; env: Environment; program?: string },
): void {
  const names = listBundlesBeside(program);
  if (names.length === 0) return;
  const isThere = path === undefined ? isConfigured(cwd, env) : existsSync(resolve(cwd, path));
  if (isThere) return;
  const state =
    path === undefined
      ? `Cannot serve: no server is named, and ${JSON.stringify(cwd)} holds neither ${configFile} nor bundles`
      : `Cannot serve ${JSON.stringify(path)}: no such server, folder or file`;
  throw new AppError("usage", state, {
    hint: `The servers here are ${names.join(", ")}; name one of them, or give a folder of bundles or a ${configFile}.`,
  });
}

/** Whether something says what to serve when the command line does not. */
function isConfigured(cwd: string, env: Environment): boolean {
  if (env.BERTH_CONFIG || env.BERTH_BUNDLES) return true;
  return [configFile, "bundles"].some((name) => existsSync(join(cwd, name)));
}

/** The short names of the bundles beside a program, ordered. */
function listBundlesBeside(program: string): string[] {
  const folder = join(dirname(program), "bundles");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, manifestFile)))
    .map((name) => name.replace(/-mcp$/, ""))
    .sort();
}

/**
 * Becomes the bundle's own program, with its options and variables and under its own tool names. There is no jail
 * around it: a pod that runs one server is confined by its platform, and a second process would only cost memory.
 */
export async function becomeServer(
  bundle: BundleBeside,
  args: readonly string[],
  env: Environment,
): Promise<never> {
  if (process.platform !== "linux") {
    throw new AppError("unavailable", `Cannot serve ${bundle.name} alone: this is no Linux`, {
      hint: "Serve its folder with `berth serve <folder>`.",
    });
  }
  // The jail's own way to execute; loaded here because no other command needs it in this process.
  const { cStrings, syscall } = await import("./jail/libc.ts");
  const { restoreDefaults } = await import("./jail/restrict.ts");
  const { BUN_OPTIONS: _, ...kept } = env;
  // Over HTTP unless the caller says otherwise; the variable beats nothing that is given as an option.
  const given = { MCP_TRANSPORT: "http", ...kept, ...embeddedRuntime.env };
  const argv = [process.execPath, ...embeddedRuntime.flags, bundle.entry, ...args];
  const texts = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
  restoreDefaults();
  const { errno } = syscall("execve", process.execPath, cStrings(argv), cStrings(texts));
  throw new Error(`cannot execute ${process.execPath}: error ${errno}`);
}
