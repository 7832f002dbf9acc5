import type { ToolFilter } from "./config.ts";
import type { RateLimit } from "./rate-limit.ts";

/** Who calls, and what they may reach. */
export interface Principal {
  name: string;
  /** Names of servers; undefined is every one. */
  servers: readonly string[] | undefined;
  tools: ToolFilter | undefined;
  rate: RateLimit | undefined;
}

/** Where no access control is set up, everybody is the same caller. */
export const anyone: Principal = {
  name: "anyone",
  servers: undefined,
  tools: undefined,
  rate: undefined,
};

export function mayReach(caller: Principal, server: string): boolean {
  return caller.servers === undefined || caller.servers.includes(server);
}
