#!/usr/bin/env bun
/** The `berth` program. A jail is part of every server's start, so its word is found before the rest is loaded. */
import { jail } from "./jail/main.ts";

const [word, ...rest] = process.argv.slice(2);
if (word === "jail") {
  await jail(rest, process.env);
} else {
  const { runToExit } = await import("./program.ts");
  process.exitCode = await runToExit(process.argv.slice(2), {
    complain: (text) => void process.stderr.write(`${text}\n`),
    env: process.env,
    cwd: process.cwd(),
  });
}
