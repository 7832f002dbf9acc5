import { join } from "node:path";

/** The repository's root, from which sources are run. */
export const root: string = join(import.meta.dir, "..");

/** How long a program may take to say that it listens, in milliseconds. */
const listenLimitMs = 20_000;

/** A program that runs as its users run it. */
export interface TestProgram extends AsyncDisposable {
  url: string;
  pid: number;
  exited: Promise<number>;
  /** What it wrote to stderr so far. */
  log(): string;
  kill(signal: "SIGTERM" | "SIGKILL"): void;
}

/** Runs a command that listens on a port of its own choosing, and waits for the log line that names its address. */
export async function runListening(
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<TestProgram> {
  const child = Bun.spawn([...command], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  let log = "";
  const listening = Promise.withResolvers<string>();
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const chunk of child.stderr) {
      log += decoder.decode(chunk, { stream: true });
      const url = /"url":"(http:[^"]+)"/.exec(log)?.[1];
      if (url) listening.resolve(url);
    }
    listening.reject(new Error(`${command.join(" ")} ended before it listened:\n${log}`));
  };
  void read();
  const limit = setTimeout(
    () => listening.reject(new Error(`${command.join(" ")} does not listen:\n${log}`)),
    listenLimitMs,
  );
  const url = await listening.promise.finally(() => clearTimeout(limit));
  return {
    url,
    pid: child.pid,
    exited: child.exited,
    log: () => log,
    kill: (signal) => child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.exited;
    },
  };
}

/** Runs a command to its end with `input` on stdin. */
export async function runToEnd(
  command: readonly string[],
  input = "",
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = Bun.spawn([...command], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdin: new Blob([input]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [code, stdout, stderr] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code, stdout, stderr };
}
