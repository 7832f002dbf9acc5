import type { FileUse } from "./jail/report.ts";
import type { Permissions } from "./permissions.ts";

/** What a bundle has done with the files that it is granted, as far as Berth sees it. */
export interface FileUses {
  /** Granted paths at or below which it has read or written, in the order in which that was seen first. */
  uses: FileUse[];
  /** False where Berth does not look at each opening, or no child has been started. */
  areReadsTold: boolean;
  areWritesTold: boolean;
}

/** Which granted files and folders bundles have used, since the start. */
export class FileUseRecord {
  readonly #bundles = new Map<string, FileUses>();

  /** A child is started with these permissions under the broker, which looks at reads when `tellReads` says so. */
  admit(
    bundle: string,
    { read, write }: Permissions,
    { tellReads }: { tellReads: boolean },
  ): (use: FileUse) => void {
    const areReadsTold = tellReads && read.allow !== true;
    const areWritesTold = write.allow !== true;
    const uses = this.#bundles.get(bundle)?.uses ?? [];
    this.#bundles.set(bundle, { uses, areReadsTold, areWritesTold });
    // Each path is one of the bundle's grants, so there are no more of them than the operator wrote.
    const granted = { read: read.allow, write: write.allow };
    return (use) => {
      const paths = granted[use.used];
      const isGranted = paths !== true && paths.includes(use.path);
      const isKnown = uses.some(({ used, path }) => used === use.used && path === use.path);
      if (isGranted && !isKnown) uses.push(use);
    };
  }

  of(bundle: string): FileUses {
    return this.#bundles.get(bundle) ?? { uses: [], areReadsTold: false, areWritesTold: false };
  }
}
