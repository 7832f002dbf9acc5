import { closeSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";
import { AppError } from "../core/fault.ts";
import type { CallRecord } from "./pool-call.ts";

/** How large an audit file may get, in bytes; then it is put aside under a name with its time, and another begins. */
export const auditLimitBytes: number = 256 * 1024 * 1024;
/** How long records may wait to be written together, in milliseconds. */
const gatherMs = 100;
/** How many records are written at once at the latest. */
const gatherLimitCount = 1000;

/** Who called what, and how it ended: one JSON line a call, appended, never rewritten. */
export class Audit {
  readonly #path: string;
  readonly #limitBytes: number;
  readonly #onFault: (error: unknown) => void;
  #lines: string[] = [];
  #file: number;
  #bytes: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @throws AppError `invalid_config` when the file cannot be opened: a gateway that should record must not run without. */
  constructor(
    path: string,
    onFault: (error: unknown) => void,
    limitBytes: number = auditLimitBytes,
  ) {
    this.#path = path;
    this.#limitBytes = limitBytes;
    this.#onFault = onFault;
    this.#file = open(path);
    this.#bytes = fstatSync(this.#file).size;
  }

  record(server: string, record: CallRecord): void {
    this.#lines.push(`${JSON.stringify({ at: new Date().toISOString(), server, ...record })}\n`);
    if (this.#lines.length >= gatherLimitCount) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), gatherMs);
  }

  /** Writes what has gathered. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#lines.join("");
    this.#lines = [];
    if (text === "") return;
    try {
      this.#bytes += writeSync(this.#file, text);
      if (this.#bytes >= this.#limitBytes) this.#rotate();
    } catch (error) {
      this.#onFault(error);
    }
  }

  close(): void {
    this.flush();
    closeSync(this.#file);
  }

  #rotate(): void {
    renameSync(this.#path, `${this.#path}.${new Date().toISOString().replace(/:/g, "-")}`);
    const next = open(this.#path);
    // Last: a file that cannot be put aside is written on.
    closeSync(this.#file);
    this.#file = next;
    this.#bytes = 0;
  }
}

function open(path: string): number {
  try {
    // Readable by its owner alone: it says who does what.
    return openSync(path, "a", 0o600);
  } catch (error) {
    const state = error instanceof Error ? error.message : String(error);
    throw new AppError(
      "invalid_config",
      `Cannot open the audit log ${JSON.stringify(path)}: ${state}`,
      {
        hint: "Set audit.file in berth.json to a path that Berth may write.",
        cause: error,
      },
    );
  }
}
