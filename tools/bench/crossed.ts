import { echoRequest, openClient } from "./gatewayCalls.ts";
import { describeCircumstances } from "./machine.ts";
import { load, type Target } from "./measure.ts";
import type { BenchOptions } from "./options.ts";
import { pinning } from "./program.ts";
import { printReport, tableOf } from "./report.ts";

/** How many clients call at the same time, and how many calls they make in all. */
const clientCount = 200;
const callCount = 100_000;
/** How long all calls may take, in milliseconds. */
const limitMs = 10 * 60 * 1000;

/**
 * Clients with a session each count their ids from the same number, so the ids that are in flight collide all the time.
 * An answer is right when it has both the id of its call and the text that only this call has sent.
 */
export async function checkCrossing(target: Target, options: BenchOptions): Promise<void> {
  const { url } = target.request;
  const sessions: string[] = [];
  for (let client = 0; client < clientCount; client++) {
    sessions.push((await openClient(url))["mcp-session-id"] ?? "");
  }
  const request = { ...echoRequest(url, "colliding"), sessions };
  const bounds = { connections: clientCount, durationMs: limitMs, requests: callCount };
  const result = await load({ request }, bounds);
  if (result.firstError !== undefined) console.error(result.firstError);
  const { requests, errors, requestsPerSecond, p50Ms, p99Ms } = result;
  const count = (value: number) => Math.round(value).toLocaleString("en");
  const table = tableOf(
    ["clients", "calls", "crossed or wrong", "calls/s", "p50 ms", "p99 ms"],
    [
      [
        ...[`${clientCount}`, count(requests), `${errors}`, count(requestsPerSecond)],
        ...[p50Ms.toFixed(1), p99Ms.toFixed(1)],
      ],
    ],
  );
  const isMet = errors === 0 && requests === callCount;
  const goal = `no crossed answer among ${count(callCount)} calls of ${clientCount} clients with the same ids`;
  const goals = [{ goal, measured: `${errors} of ${count(requests)}`, isMet }];
  const circumstances = describeCircumstances("gateway", pinning, {});
  printReport({ circumstances, goals, ...{ result } }, [table], options.isJson);
}
