import { existsSync } from "node:fs";
import { type Arch, ownArch } from "../image/arch.ts";
import { engineEnv, podman, restricted } from "./podman.ts";
import type { ToolAnswer } from "./runTool.ts";

/** How long a container may take to be ready, in milliseconds; what is measured is far below, but for emulated ones. */
const readyLimitMs = 60_000;
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
  const machine = await flagsFor(run.image);
  const began = performance.now();
  const name = `berth-test-${process.pid}-${++count}`;
  const env = { HOST: "127.0.0.1", PORT: "0", ...run.env };
  const variables = Object.entries(env).map(([key, value]) => `--env=${key}=${value}`);
  const flags = ["--name", name, "--network=host", ...machine, ...restricted, ...variables];
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

/** Where Linux keeps what interprets programs of another machine; Debian's qemu-user-static brings QEMU's. */
const interpreters: Readonly<Record<Arch, string>> = {
  amd64: "/proc/sys/fs/binfmt_misc/qemu-x86_64",
  arm64: "/proc/sys/fs/binfmt_misc/qemu-aarch64",
};

/** How podman runs an image: one of another machine than this is interpreted, and takes more memory. */
async function flagsFor(image: string): Promise<string[]> {
  const { out } = await podman(["image", "inspect", "--format={{.Architecture}}", image]);
  const arch = out.trim() === "arm64" ? "arm64" : "amd64";
  if (arch === ownArch) return ["--memory=512m"];
  const interpreter = interpreters[arch];
  if (!existsSync(interpreter)) {
    throw new Error(`Cannot run an image of ${arch}: ${interpreter} is not registered`);
  }
  return ["--memory=2g", `--arch=${arch}`];
}

/** Runs a container that ends by itself, with `code`. */
export async function runToEnd(run: ContainerRun, code: number): Promise<ToolAnswer> {
  const { image, args, flags = [] } = run;
  const own = ["--rm", "--network=host", ...restricted, ...(await flagsFor(image)), ...flags];
  return podman(["run", ...own, image, ...args], { codes: [code] });
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
