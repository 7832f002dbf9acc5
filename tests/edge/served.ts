import { join } from "node:path";
import { writeFiles } from "../berth.ts";

/** The program from its sources, as a command line. */
export const berthProgram: readonly string[] = [
  process.execPath,
  join(import.meta.dir, "..", "..", "src", "edge", "main.ts"),
];

/** A `berth serve` that a test has started. */
export interface Served extends AsyncDisposable {
  url: string;
  pid: number;
  /** What it has logged so far. */
  log: Record<string, unknown>[];
  exited: Promise<number>;
}

/** Serves this configuration from `folder`, jails and all, on a free port. */
export async function startServe(
  folder: string,
  config: object,
  env: Record<string, string> = {},
): Promise<Served> {
  writeFiles(folder, { "berth.json": config });
  const child = Bun.spawn([...berthProgram, "serve", "--port", "0"], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log: Served["log"] = [];
  const logged = readLog(child.stderr, log);
  const { value } = await child.stdout.getReader().read();
  const { url } = JSON.parse(new TextDecoder().decode(value));
  const exited = child.exited.then(async (code) => {
    await logged;
    return code;
  });
  return {
    url,
    pid: child.pid,
    log,
    exited,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}

async function readLog(stream: ReadableStream<Uint8Array>, log: Served["log"]): Promise<void> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) log.push(JSON.parse(line));
  }
}
