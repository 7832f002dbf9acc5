import { basename, dirname, join } from "node:path";

// Only the source of this module ends in .ts; built, it is part of a binary or of a bundle.
const isBuilt = !import.meta.url.endsWith(".ts");

/**
 * The address of a worker's entry, from source and when built: the build puts every `*.worker.ts` of a program beside
 * the program's own entry.
 *
 * @example new Worker(workerUrl(new URL("./page.worker.ts", import.meta.url)))
 */
export function workerUrl(source: URL): string {
  return isBuilt ? besideEntry(source.pathname.replace(/\.ts$/, ".js")) : source.href;
}

/**
 * The path of a file that was imported `with { type: "file" }`, for `Bun.file`. Source and binaries import an absolute
 * path; a bundle imports a relative one and holds the file beside its entry.
 */
export function embeddedPath(imported: string): string {
  return /^\./.test(imported) ? besideEntry(imported) : imported;
}

/** In a worker `Bun.main` is the worker's entry, which lies in the same folder. */
function besideEntry(path: string): string {
  return join(dirname(Bun.main), basename(path));
}
