import { type FSWatcher, watch } from "node:fs";
import { wait } from "../embed/retry.ts";

/** How long the folder must be quiet before it is read, in milliseconds: files are often written in several steps. */
const quietMs = 300;

/** Calls `onChange` once at the start, and again whenever something below the folders changed or `everyMs` have passed. */
export async function watchFolders(
  folders: readonly string[],
  { everyMs, signal }: { everyMs: number; signal: AbortSignal },
  onChange: () => Promise<void>,
): Promise<void> {
  let changed = Promise.withResolvers<void>();
  const watchers: FSWatcher[] = folders.map((folder) =>
    // Some file systems tell nothing, and new folders may be missed: the rounds of `everyMs` find what was.
    watch(folder, { recursive: true }, () => changed.resolve()).on("error", () =>
      changed.resolve(),
    ),
  );
  try {
    while (!signal.aborted) {
      changed = Promise.withResolvers<void>();
      await onChange();
      await Promise.race([changed.promise, wait(everyMs, signal)]).catch(() => undefined);
      await wait(quietMs, signal).catch(() => undefined);
    }
  } finally {
    for (const watcher of watchers) watcher.close();
  }
}
