import { serveSockets } from "./broker-loop.ts";
import { launch } from "./launch.ts";
import { probe } from "./probe.ts";
import { specVariable } from "./spec.ts";

/**
 * The hidden subcommand behind every jail: without arguments it is the launcher, with `sockets
 * <path>` the socket broker, with `probe [path]` it tries what this kernel enforces. It must be
 * reached before anything else of the program is loaded, as it is part of every bundle's start.
 */
export function jail(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): void {
  if (argv[0] === "sockets") serveSockets(argv[1] ?? "");
  if (argv[0] === "probe") probe(argv[1]);
  else launch(env[specVariable]);
}
