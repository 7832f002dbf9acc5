import type { ToolFilter } from "./config.ts";
import type { RateLimit } from "./rate-limit.ts";

/** Who calls, and what they may reach. */
export interface Principal {
  name: string;
  /** Names of servers; undefined is every one. */
  servers: readonly string[] | undefined;
  tools: ToolFilter | undefined;
  rate: RateLimit | undefined;
  /** Whether it may follow the events of its servers: what they write to stderr, who calls them, why they end. */
  mayTail: boolean;
}

/** Where no access control is set up, everybody is the same caller; whether that one may follow events differs. */
export function anyone(mayTail: boolean): Principal {
  return { name: "anyone", servers: undefined, tools: undefined, rate: undefined, mayTail };
}

export function mayReach(caller: Principal, server: string): boolean {
  return caller.servers === undefined || caller.servers.includes(server);
}
