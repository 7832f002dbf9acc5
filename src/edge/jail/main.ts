import { launch } from "./launch.ts";
import { specVariable } from "./spec.ts";

/**
 * The hidden subcommand behind every jail: without arguments it is the launcher, with `sockets
 * <path>` the socket broker, with `probe [path]` it tries what this kernel enforces. It must be
 * reached before anything else of the program is loaded, as it is part of every bundle's start.
 */
export async function jail(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const [word, path] = argv;
  if (word === undefined) launch(env[specVariable]);
  // The others are loaded when they are asked for: each start of a bundle would load them, too.
  if (word === "sockets") (await import("./broker-loop.ts")).serveSockets(path ?? "");
  if (word === "probe") (await import("./probe.ts")).probe(path);
}
