import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { AppError } from "../../src/core/fault.ts";
import { commonPins, type Target } from "./targets.ts";

/** How long one installation may take, in milliseconds: some hundred packages on a slow machine. */
const installLimitMs = 600_000;

/** The least Python that these servers run on, as its minor version. */
const leastPython = 12;

/** Finds a Python that is new enough, on the PATH or among those of pyenv; undefined without one. */
export async function findPython(): Promise<string | undefined> {
  const versions = join(process.env.PYENV_ROOT ?? join(homedir(), ".pyenv"), "versions");
  const kept = existsSync(versions)
    ? readdirSync(versions).map((version) => join(versions, version, "bin", "python3"))
    : [];
  for (const python of ["python3", "python3.12", "python3.13", ...kept]) {
    const minor = await minorVersion(python);
    // Wheels of native packages for the newest Pythons come late.
    if (minor !== undefined && minor >= leastPython && minor <= leastPython + 1) return python;
  }
  return undefined;
}

async function minorVersion(python: string): Promise<number | undefined> {
  if (Bun.which(python) === null) return undefined;
  const child = Bun.spawn([python, "-c", "import sys; print(sys.version_info[1])"], {
    stdout: "pipe",
    stderr: "ignore",
  });
  const text = await new Response(child.stdout).text();
  return (await child.exited) === 0 ? Number(text) : undefined;
}

/**
 * Installs a target into a virtual environment of its own, once. Returns its folder of programs.
 * @throws AppError `unavailable` with the end of pip's output.
 */
export function installTarget(target: Target, python: string): Promise<string> {
  const { name, kind, version, requirements } = target;
  const constraints = target.isPinned ? commonPins : [];
  const folder = `interop/${kind}-${version}`;
  return installPackages({ name, folder, requirements, constraints }, python);
}

/** Python packages that a tool of ours runs. */
export interface PythonPackages {
  /** What is installed, for the message of a failure. */
  name: string;
  /** Where, below the user's cache; a hash of what is in it is added. */
  folder: string;
  requirements: readonly string[];
  constraints: readonly string[];
}

/**
 * Installs packages into a virtual environment of their own, once: the folder is named after what is in it and kept in
 * the user's cache. Returns its folder of programs.
 * @throws AppError `unavailable` with the end of pip's output.
 */
export async function installPackages(packages: PythonPackages, python: string): Promise<string> {
  const { name, requirements, constraints: pins } = packages;
  const hash = Bun.hash([...requirements, ...pins, python].join("\n")).toString(36);
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const folder = join(cache, "berth", `${packages.folder}-${hash}`);
  const done = join(folder, ".installed");
  if (existsSync(done)) return join(folder, "bin");
  console.error(`Installing ${name} with pip, which takes a minute or two the first time`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  const constraints = join(tmpdir(), `berth-python-${hash}.txt`);
  writeFileSync(constraints, `${pins.join("\n")}\n`);
  try {
    await run(name, [python, "-m", "venv", folder]);
    const pip = [join(folder, "bin", "python"), "-m", "pip", "install", "--quiet"];
    await run(name, [...pip, "--constraint", constraints, ...requirements]);
  } finally {
    rmSync(constraints, { force: true });
  }
  writeFileSync(`${done}.new`, "");
  renameSync(`${done}.new`, done);
  return join(folder, "bin");
}

async function run(name: string, command: string[]): Promise<void> {
  const child = Bun.spawn(command, { stdout: "ignore", stderr: "pipe", timeout: installLimitMs });
  const [code, problem] = await Promise.all([child.exited, new Response(child.stderr).text()]);
  if (code === 0) return;
  throw new AppError(
    "unavailable",
    `Cannot install ${name}: pip ends with code ${code}\n${problem.slice(-2000)}`,
    {
      hint: "Its packages come from PyPI; see the index that pip is configured with.",
    },
  );
}
