/**
 * The first command after a clone: installs what is missing, then runs the tool that was asked for. Imports nothing
 * outside Bun and Node, because nothing is installed yet.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sayInstead } from "./usage.ts";

const root = join(import.meta.dir, "..");
const [tool = "", ...args] = process.argv.slice(2);
const said = sayInstead(tool, args);
if (said) {
  console[said.code === 0 ? "log" : "error"](said.text);
  process.exit(said.code);
}
const stamp = join(root, "node_modules", ".installed");
const lock = readFileSync(join(root, "bun.lock"), "utf8");
const wanted = `${Bun.hash(lock)}`;

if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
  console.log("Installing the npm packages. Install scripts that are not needed stay blocked.");
  const code = await run([process.execPath, "install", "--frozen-lockfile"]);
  if (code !== 0) process.exit(code);
  writeFileSync(stamp, wanted);
}
process.exit(await run([pinnedBun(), join(import.meta.dir, `${tool}.ts`), ...args]));

/** The version that package.json names, so that every machine builds and tests with the same one. */
function pinnedBun(): string {
  const product: { engines: { bun: string } } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  );
  return Bun.version === product.engines.bun
    ? process.execPath
    : join(root, "node_modules", ".bin", "bun");
}

/** Runs a command in the repository's root; signals go on to it, and it decides when this process ends. */
async function run([file = "", ...args]: string[]): Promise<number> {
  const setpriv = Bun.which("setpriv");
  // Even a killed owner takes its tool along where the system can say so.
  const command = setpriv ? [setpriv, "--pdeathsig", "TERM", file, ...args] : [file, ...args];
  const child = spawn(command[0] ?? file, command.slice(1), { cwd: root, stdio: "inherit" });
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  // Ctrl-C reaches the child by itself: both are in the terminal's foreground group.
  process.on("SIGINT", () => undefined);
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
    child.once("error", () => resolve(1));
  });
}
