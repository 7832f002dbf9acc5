import { engineEnv, podman, restricted } from "./podman.ts";

/** How long a container may take to be ready, in milliseconds; what is measured is far below. */
const readyLimitMs = 30_000;
/** How often readiness is asked for, in milliseconds. */
const askEveryMs = 10;

/** A container of one of our images, under the rules of restricted-v2. */
export interface Container extends AsyncDisposable {
  url: string;
  /** From `podman run` to the first ready answer, in milliseconds. */
  readyMs: number;
  log(): string;
  /** Sends SIGTERM; the exit code, and how long it took in milliseconds. */
  stop(): Promise<{ code: number; tookMs: number }>;
  /** What differs from the image, one path a line. */
  changes(): Promise<string[]>;
}

export interface ContainerRun {
  image: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Further flags of podman, for example volumes. */
  flags?: readonly string[];
}

let count = 0;

/** Runs a container on the machine's own network, which needs no tool to set one up, and waits until it is ready. */
export async function startContainer(run: ContainerRun): Promise<Container> {
  const began = performance.now();
  const name = `berth-test-${process.pid}-${++count}`;
  const env = { HOST: "127.0.0.1", PORT: "0", ...run.env };
  const variables = Object.entries(env).map(([key, value]) => `--env=${key}=${value}`);
  const flags = ["--name", name, "--network=host", "--memory=512m", ...restricted, ...variables];
  const child = Bun.spawn(
    ["podman", "run", "--rm=false", ...flags, ...(run.flags ?? []), run.image, ...run.args],
    { env: { ...process.env, ...engineEnv }, stdout: "ignore", stderr: "pipe" },
  );
  const { url, log } = await readUrl(child.stderr, run);
  await untilReady(`${url}/readyz`, log);
  const readyMs = performance.now() - began;
  const remove = async () => void (await podman(["rm", "--force", "--time", "0", name]));
  return {
    url,
    readyMs,
    log,
    async stop() {
      const from = performance.now();
      await podman(["kill", "--signal", "TERM", name]);
      return { code: await child.exited, tookMs: performance.now() - from };
    },
    async changes() {
      const { out } = await podman(["diff", name]);
      // podman itself makes /etc/hosts and /etc/resolv.conf there.
      return out.split("\n").filter((line) => line !== "" && line !== "C /etc");
    },
    [Symbol.asyncDispose]: remove,
  };
}

async function readUrl(
  stream: ReadableStream<Uint8Array>,
  { image, args }: ContainerRun,
): Promise<{ url: string; log: () => string }> {
  let log = "";
  const found = Promise.withResolvers<string>();
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      log += decoder.decode(chunk, { stream: true });
      const url = /"url":"(http:[^"]+)"/.exec(log)?.[1];
      if (url) found.resolve(url);
    }
    found.reject(new Error(`${image} ${args.join(" ")} ended before it listened:\n${log}`));
  };
  void read();
  return { url: await found.promise, log: () => log };
}

async function untilReady(url: string, log: () => string): Promise<void> {
  const limit = performance.now() + readyLimitMs;
  while (performance.now() < limit) {
    const status = await fetch(url).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
    await Bun.sleep(askEveryMs);
  }
  throw new Error(`${url} is not ready after ${readyLimitMs} ms:\n${log()}`);
}
