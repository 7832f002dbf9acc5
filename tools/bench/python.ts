import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { benchFolder, run } from "./binary.ts";

const requirements = join(import.meta.dir, "peers", "requirements.txt");
const environment = join(benchFolder, "venv");

/** Installs the Python peers into the benches' folder when that is not done yet; returns the folder of their commands. */
export async function readyPython(): Promise<string> {
  const stamp = join(environment, "installed.txt");
  const wanted = readFileSync(requirements, "utf8");
  const commands = join(environment, "bin");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return commands;
  const python = Bun.which("python3");
  if (python === null) throw new Error("Cannot measure FastAPI: there is no python3 on PATH");
  console.error("Installing FastAPI and its company into .bench/venv");
  await run([python, "-m", "venv", "--clear", environment]);
  const pip = [join(commands, "python"), "-m", "pip", "install", "--quiet"];
  await run([...pip, "--disable-pip-version-check", "-r", requirements]);
  writeFileSync(stamp, wanted);
  return commands;
}

/** The pinned versions of the Python peers, and that of Python itself. */
export function pythonVersions(): Record<string, string> {
  const lines = readFileSync(requirements, "utf8").trim().split("\n");
  const python = Bun.spawnSync([join(environment, "bin", "python"), "--version"]);
  return Object.fromEntries([
    ["python", python.stdout.toString().trim().replace("Python ", "")],
    ...lines.map((line) => line.split("==")),
  ]);
}
