import type { Upstream } from "../../src/core/upstream.ts";
import type { Tool } from "../../src/kit/tool.ts";
import { historyTools } from "./history.ts";
import { recordTools } from "./records.ts";
import { requestTools } from "./requests.ts";

/** The finance server's tools, in the order in which they are listed. */
export const tools: readonly Tool<Upstream>[] = [...historyTools, ...recordTools, ...requestTools];
