import type { KubeObject } from "./objects.ts";

/** What the policies look at. */
export interface PolicyInput {
  objects: readonly KubeObject[];
  isOpenshift: boolean;
  /** Secrets that the values name and somebody else makes. */
  foreign: readonly string[];
}

/** A problem, unless something holds. */
export function unless(holds: boolean, problem: string): string[] {
  return holds ? [] : [problem];
}
