#!/usr/bin/env bun
/** The `berth` program. A jail is part of every bundle's start, so its word is found before anything else is loaded. */
import { jail } from "./jail/main.ts";

if (process.argv[2] === "jail") {
  jail(process.argv.slice(3), process.env);
} else {
  const { runBerth } = await import("./main.ts");
  process.exitCode = await runBerth(process.argv.slice(2), {
    print: (text) => void process.stdout.write(`${text}\n`),
    complain: (text) => void process.stderr.write(`${text}\n`),
    env: process.env,
    cwd: process.cwd(),
  });
}
