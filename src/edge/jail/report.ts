import { writeText } from "./libc.ts";
import type { Refusal } from "./refusal.ts";

/** How many different refusals of one child are told; a program that goes on trying says nothing new. */
export const refusalLimitCount = 200;

/** A granted path at or below which a child has opened a file. */
export interface FileUse {
  used: "read" | "write";
  path: string;
}

/** What the broker writes: a refusal, a use, or that there will be no more. The child is the first process of a jail. */
export type Reported = { child: number } & (Refusal | FileUse | { hasEnded: true });

/** Writes each different refusal and use of one child once, as a line of JSON. */
export class Report {
  readonly #child: number;
  readonly #told = new Set<string>();
  readonly #used = new Set<string>();

  constructor(child: number) {
    this.#child = child;
  }

  tell(refusal: Refusal): void {
    const key = `${refusal.call} ${refusal.attempt}`;
    if (this.#told.has(key) || this.#told.size > refusalLimitCount) return;
    this.#told.add(key);
    const isLast = this.#told.size > refusalLimitCount;
    write({ child: this.#child, ...(isLast ? noMore : refusal) });
  }

  /** The paths are those of the policy, whose size has a bound. */
  tellUse({ used, path }: FileUse): void {
    const key = `${used} ${path}`;
    if (this.#used.has(key)) return;
    this.#used.add(key);
    write({ child: this.#child, used, path });
  }

  /** Nobody is left in the jail. */
  end(): void {
    write({ child: this.#child, hasEnded: true });
  }
}

function write(told: Reported): void {
  writeText(1, `${JSON.stringify(told)}\n`);
}

const noMore: Refusal = {
  call: "any",
  attempt: "try more",
  reason: `after ${refusalLimitCount} different refusals no more are told`,
};
