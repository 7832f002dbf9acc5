import type { Case } from "./cases.ts";
import type { CaseContext } from "./responses.ts";
import type { Target } from "./targets.ts";
import type { Way } from "./world.ts";

/** What came of one case, on one version, one way. */
export interface Outcome {
  case: string;
  target: Target;
  way: Way;
  state: "works" | "lacking" | "failed";
  /** Why the version cannot do it, or what did not hold. */
  why?: string;
}

/** Runs a case unless its version lacks what it needs. */
export async function outcomeOf(one: Case, context: CaseContext): Promise<Outcome> {
  const { target } = context.stack;
  const cell = { case: one.name, target, way: context.way };
  const lacks = one.lacks?.(target);
  if (lacks !== undefined) return { ...cell, state: "lacking", why: lacks };
  return one.run(context).then(
    () => ({ ...cell, state: "works" as const }),
    (error: unknown) => ({
      ...cell,
      state: "failed" as const,
      why: error instanceof Error ? error.message : String(error),
    }),
  );
}
