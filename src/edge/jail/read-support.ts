import { type JailSupport, noSupport } from "./support.ts";

/** How long a probe may take, in milliseconds; it takes about 15. */
const probeLimitMs = 10_000;

/**
 * What this kernel enforces, found by a process that jails itself and tries. Asked once, at start.
 * @param brokerPath The path of a broker that listens soon; without it the support of brokered sockets reads as missing.
 */
export async function readSupport(
  launcher: readonly string[],
  brokerPath?: string,
): Promise<JailSupport> {
  if (process.platform !== "linux") return noSupport;
  const child = Bun.spawn(
    [...launcher, "probe", ...(brokerPath === undefined ? [] : [brokerPath])],
    {
      env: {},
      cwd: "/",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: probeLimitMs,
      killSignal: "SIGKILL",
    },
  );
  const text = await new Response(child.stdout).text();
  // A probe that the kernel or its container killed has enforced nothing that can be relied on.
  if ((await child.exited) !== 0) return noSupport;
  // Written by this same program.
  return JSON.parse(text) as JailSupport;
}
