/**
 * PostgreSQL refuses to run as root, on purpose. When we are root (a container, a CI machine), its processes run as
 * `nobody` instead, keeping only the right to pass through folders that root alone may enter.
 */
export const unprivileged: { uid: number; gid: number } | undefined =
  process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;

/** The command line that runs `command` as the unprivileged user; unchanged when we are no root. */
export function asUnprivileged(command: readonly string[]): readonly string[] {
  if (!unprivileged) return command;
  const ids = [`--reuid=${unprivileged.uid}`, `--regid=${unprivileged.gid}`, "--clear-groups"];
  const capability = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"];
  // Without it access(2) ignores the capability, and initdb takes its own folder for unreadable.
  capability.push("--securebits=+no_setuid_fixup");
  return ["setpriv", ...ids, ...capability, ...command];
}

/**
 * The command line whose process is sent `signal` when its owner dies, even by kill -9. Only Linux's setpriv can say
 * so; elsewhere the command is unchanged and the owner's orderly end has to do.
 */
export function endingWithOwner(
  command: readonly string[],
  signal: "INT" | "TERM",
): readonly string[] {
  const setpriv = Bun.which("setpriv");
  return setpriv === null ? command : [setpriv, "--pdeathsig", signal, ...command];
}
