#!/usr/bin/env bun
/** The `berth` program. A jail is part of every server's start, so its word is found before the rest is loaded. */
import { jail } from "./jail/main.ts";

const [word, ...rest] = process.argv.slice(2);
if (word === "jail") {
  await jail(rest, process.env);
} else {
  const [{ runBerth }, { print }, { AppError }] = await Promise.all([
    import("./program.ts"),
    import("../core/print.ts"),
    import("../core/fault.ts"),
  ]);
  const complain = (text: string) => void process.stderr.write(`${text}\n`);
  const io = { print, complain, env: process.env, cwd: process.cwd() };
  process.exitCode = await runBerth(process.argv.slice(2), io).catch((error: unknown) => {
    // Of the help itself; what a command throws is told where it runs.
    if (!(error instanceof AppError)) throw error;
    complain(error.message);
    return 1;
  });
}
