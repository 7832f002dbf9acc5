import type { Reported } from "../../src/edge/jail/report.ts";

/** What the broker told of one child, when it says that there is no more. */
export async function refusalsOf(child: number, reported: readonly Reported[]): Promise<string[]> {
  const own = () => reported.filter((one) => one.child === child);
  while (!own().some((one) => "hasEnded" in one)) await Bun.sleep(2);
  const told = own().flatMap((one) =>
    "call" in one ? [`${one.call}: ${one.attempt}: ${one.reason}`] : [],
  );
  return told.sort();
}
