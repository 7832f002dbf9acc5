import { copyFileSync, mkdirSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { runToEnd } from "./program.ts";

/** Copies a binary, and the C library and its loader where it looks for them, into the root of an image. */
export async function copyWithLibraries(binary: string, image: string, to: string): Promise<void> {
  mkdirSync(image, { recursive: true });
  copyFileSync(binary, join(image, to));
  const { stdout } = await runToEnd(["ldd", binary]);
  for (const [path] of stdout.matchAll(/\/\S+/g)) {
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) continue;
    mkdirSync(dirname(join(image, path)), { recursive: true });
    copyFileSync(realpathSync(path), join(image, path));
  }
}
