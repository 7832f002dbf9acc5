import {
  accessSync,
  constants,
  existsSync,
  linkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { AppError, type Fault } from "../../src/core/fault.ts";

/** The one folder into which documents are written; without one, nothing is. */
export class OutputFolder {
  readonly #folder: string;

  /** @param folder Empty when writing is not granted. */
  constructor(folder: string) {
    this.#folder = folder === "" ? "" : resolve(folder);
  }

  /** @throws AppError when a file of this name may not be written, before anything is read for it. */
  check(name: string, { replace }: { replace: boolean }): void {
    const hint = "Start the server with --output-dir.";
    if (this.#folder === "")
      throw refusal("forbidden", "a searchable PDF", { state: "no output folder is set", hint });
    checkPlace(join(this.#folder, name), replace);
  }

  /**
   * Writes a file that is there as a whole or not at all.
   * @param name A plain file name.
   * @throws AppError `conflict` when it exists and may not be replaced, `forbidden` when the folder cannot be written.
   */
  write(name: string, bytes: Uint8Array, { replace }: { replace: boolean }): string {
    const path = join(this.#folder, name);
    placeFile(path, bytes, replace);
    return path;
  }
}

/** @throws AppError when `placeFile` would fail now: reading a long document for nothing takes minutes. */
export function checkPlace(path: string, replace: boolean): void {
  orRefuse(path, () => accessSync(dirname(path), constants.W_OK | constants.X_OK));
  if (!replace && existsSync(path)) throw refusalOf(path, "EEXIST");
}

/** Writes beside the place first, so that nobody sees half a file. A link in that place is replaced, not followed. */
export function placeFile(path: string, bytes: Uint8Array, replace: boolean): void {
  const draft = join(dirname(path), `.${crypto.randomUUID()}.part`);
  orRefuse(path, () => {
    writeFileSync(draft, bytes, { flag: "wx" });
    try {
      if (replace) renameSync(draft, path);
      else linkSync(draft, path);
    } finally {
      rmSync(draft, { force: true });
    }
  });
}

function orRefuse(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw refusalOf(path, code) ?? error;
  }
}

function refusalOf(path: string, code: string): AppError | undefined {
  const known = states[code];
  return known && refusal(known.fault, JSON.stringify(path), known);
}

const states: Readonly<Record<string, { fault: Fault; state: string; hint?: string }>> = {
  EEXIST: {
    fault: "conflict",
    state: "it exists already",
    hint: "Pass overwrite as true, or another output_name.",
  },
  ENOENT: { fault: "not_found", state: "its folder does not exist" },
  ENOTDIR: { fault: "not_found", state: "its folder does not exist" },
  EISDIR: { fault: "invalid_input", state: "it is a folder" },
  EACCES: { fault: "forbidden", state: "it may not be written" },
  EPERM: { fault: "forbidden", state: "it may not be written" },
  EROFS: { fault: "forbidden", state: "it may not be written" },
  ENOSPC: { fault: "unavailable", state: "the disk is full" },
  EDQUOT: { fault: "unavailable", state: "the disk is full" },
};

function refusal(
  fault: Fault,
  what: string,
  { state, hint }: { state: string; hint?: string },
): AppError {
  const message = `Cannot write ${what}: ${state}`;
  const detail = { success: false, error: message };
  return new AppError(fault, message, { detail, ...(hint !== undefined && { hint }) });
}

/** Whether two paths are one file, so that a document is not replaced by what is made of it. */
export function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false }));
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev;
}
