import type { Database } from "../../../db/database.ts";
import type { Agent } from "../../agent/port.ts";
import type { Logger } from "../../core/log.ts";
import type { Bus } from "./runs/bus.ts";
import type { RunQueue } from "./runs/queue.ts";
import type { ClaimsSettings } from "./settings.ts";

/** What the parts of the claims service share. */
export interface ClaimsContext {
  settings: ClaimsSettings;
  database: Database;
  agent: Agent;
  queue: RunQueue;
  bus: Bus;
  log: Logger;
  /** This process among the replicas. */
  replica: string;
}
