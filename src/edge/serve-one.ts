/** `berth serve customer`: one of the bundles that lie beside this program, over HTTP, as the whole process. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { AppError } from "../core/fault.ts";
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
