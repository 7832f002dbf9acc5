import { AppError } from "../../src/core/fault.ts";

/** How long an outside program may take when nothing else is said, in milliseconds. */
const usualLimitMs = 120_000;

export interface ToolRun {
  cwd?: string;
  /** Beside the environment of this process. */
  env?: Readonly<Record<string, string>>;
  /** What it reads from stdin. */
  input?: string;
  limitMs?: number;
  /** Exit codes that are an answer and no failure; 0 alone by default. */
  codes?: readonly number[];
}

export interface ToolAnswer {
  code: number;
  out: string;
  err: string;
}

/**
 * Runs an outside program to its end and returns what it said.
 * @throws AppError `unavailable` with what it complained of, when it fails or takes too long.
 */
export async function runTool(command: readonly string[], run: ToolRun = {}): Promise<ToolAnswer> {
  const { cwd, env, input, limitMs = usualLimitMs, codes = [0] } = run;
  const child = Bun.spawn([...command], {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...env },
    stdin: input === undefined ? "ignore" : new Blob([input]),
    stdout: "pipe",
    stderr: "pipe",
    timeout: limitMs,
    killSignal: "SIGKILL",
  });
  const [code, out, err] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  if (codes.includes(code)) return { code, out, err };
  const state =
    child.signalCode === "SIGKILL" ? `no end within ${limitMs / 1000} s` : `exit code ${code}`;
  throw new AppError(
    "unavailable",
    `Cannot run ${command.slice(0, 3).join(" ")}: ${state}\n${`${out}\n${err}`.trim().slice(-4000)}`,
  );
}
