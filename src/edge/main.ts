#!/usr/bin/env bun
/** The `berth` program. A jail is part of every server's start, so its word is found before the rest is loaded. */
import { jail } from "./jail/main.ts";

const [word, ...rest] = process.argv.slice(2);
if (word === "jail") {
  await jail(rest, process.env);
} else {
  const { runBerth } = await import("./program.ts");
  // `berth list | head -1` has read enough: a reader that is gone is no fault of the command.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  process.exitCode = await runBerth(process.argv.slice(2), {
    print: (text) => void process.stdout.write(`${text}\n`),
    complain: (text) => void process.stderr.write(`${text}\n`),
    env: process.env,
    cwd: process.cwd(),
  });
}
