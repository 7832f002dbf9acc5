/**
 * PostgreSQL refuses to run as root, on purpose. When we are root (a container, a CI machine), its processes run as
 * `nobody` instead, keeping only the right to pass through folders that root alone may enter.
 */
export const unprivileged: { uid: number; gid: number } | undefined =
  process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;

/** The command line that runs `command` as the unprivileged user; unchanged when we are no root. */
export function asUnprivileged(command: readonly string[]): readonly string[] {
  const setpriv = Bun.which("setpriv");
  // The server ends with its owner even when that is killed; only Linux's setpriv can say so.
  const withOwner = setpriv === null ? [] : [setpriv, "--pdeathsig", "INT"];
  if (!unprivileged) return [...withOwner, ...command];
  const ids = [`--reuid=${unprivileged.uid}`, `--regid=${unprivileged.gid}`, "--clear-groups"];
  const capability = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"];
  return [setpriv ?? "setpriv", ...withOwner.slice(1), ...ids, ...capability, ...command];
}
