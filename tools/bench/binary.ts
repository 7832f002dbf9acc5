import { copyFileSync, existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { Glob } from "bun";

const root = join(import.meta.dir, "..", "..");

/** Where benches keep what they install and build; ignored by git. */
export const benchFolder: string = join(root, ".bench");
const binaries = join(benchFolder, "bin");
const copies = new Map<string, Promise<string>>();

/** Builds a product's binary when its source is newer, and returns a copy that no later build disturbs. */
export function readyBinary(name: string): Promise<string> {
  const copy = copies.get(name) ?? copyBinary(name);
  copies.set(name, copy);
  return copy;
}

async function copyBinary(name: string): Promise<string> {
  const built = join(root, "dist", name);
  if (!existsSync(built) || statSync(built).mtimeMs < newestSourceMs()) {
    console.error(`Building dist/${name}`);
    await run([process.execPath, "tools/build.ts", name]);
  }
  mkdirSync(binaries, { recursive: true });
  const copy = join(binaries, name);
  // One that still runs cannot be written to, only replaced.
  rmSync(copy, { force: true });
  copyFileSync(built, copy);
  return copy;
}

/** Compiles a peer of this folder with the flags that the product's binaries are built with. */
export async function compilePeer(name: string): Promise<string> {
  mkdirSync(binaries, { recursive: true });
  const outfile = join(binaries, name);
  const flags = ["--compile", "--minify", "--bytecode", "--format=esm", "--splitting"];
  const closed = ["--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig"];
  const entry = join(import.meta.dir, "peers", `${name}.ts`);
  await run([process.execPath, "build", ...flags, ...closed, entry, "--outfile", outfile]);
  return outfile;
}

/** Runs a command of the preparation to its end. */
export async function run(command: readonly string[]): Promise<void> {
  const child = Bun.spawn([...command], { cwd: root, stdout: "pipe", stderr: "pipe" });
  const output = Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  if ((await child.exited) === 0) return;
  throw new Error(`Cannot run ${command.join(" ")}\n${(await output).join("\n")}`);
}

function newestSourceMs(): number {
  let newest = 0;
  for (const folder of ["src", "mcp", "db"]) {
    const files = new Glob("**/*.{ts,sql,psv,json}").scanSync(join(root, folder));
    for (const file of files) {
      if (!file.endsWith(".test.ts"))
        newest = Math.max(newest, statSync(join(root, folder, file)).mtimeMs);
    }
  }
  return newest;
}
