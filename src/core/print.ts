import { writeSync } from "node:fs";
import { AppError } from "./fault.ts";

const stdout = 1;
/** How long a pipe that cannot take more is left alone, in milliseconds. */
const pauseMs = 2;
/** What is said of a full disk, by the system's names. */
const full: readonly string[] = ["ENOSPC", "EDQUOT"];

/**
 * Writes a text and a line feed to stdout, and returns when all of it is taken: the end of the process does not wait for
 * a pipe, and cuts off what a slow reader has not read yet.
 * @throws AppError `unavailable` when the disk is full.
 */
export function print(text: string): void {
  let rest = Buffer.from(`${text}\n`);
  while (rest.length > 0) rest = rest.subarray(writeSome(rest));
}

function writeSome(bytes: Buffer): number {
  try {
    return writeSync(stdout, bytes);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    // Nobody reads any more, as after `| head`: what is left is for nobody.
    if (code === "EPIPE") return bytes.length;
    if (full.includes(code))
      throw new AppError("unavailable", "Cannot write the output: the disk is full");
    if (code !== "EAGAIN") throw error;
    Bun.sleepSync(pauseMs);
    return 0;
  }
}
