import { openSync, readSync, writeSync } from "node:fs";
import { isatty } from "node:tty";
import type { Prompter } from "./ask.ts";

const lineLimitBytes = 1024;

/** The terminal of whoever started this, if someone did by hand: under a host, stdin is a pipe and nobody can be asked. */
export function openTerminal(): Prompter | undefined {
  if (!isatty(0)) return undefined;
  let file: number;
  try {
    file = openSync("/dev/tty", "r+");
  } catch {
    return undefined;
  }
  return {
    write: (text) => void writeSync(file, text),
    readLine: async () => {
      const bytes = Buffer.alloc(lineLimitBytes);
      // A terminal gives one line at a time.
      const length = readSync(file, bytes);
      return length === 0 ? undefined : bytes.toString("utf8", 0, length).replace(/\r?\n$/, "");
    },
  };
}
