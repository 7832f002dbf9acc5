import type { Caller } from "../wire/channel.ts";
import type { Mux } from "../wire/mux.ts";
import { askPeer } from "./ask-peer.ts";
import type { ToolFilter } from "./config.ts";
import { type CallRecord, refusedRecord } from "./pool-call.ts";
import { anyone } from "./principal.ts";
import { createScreen } from "./screen.ts";
import { toolsOf } from "./tool-filter.ts";

/** Whom the audit log names where a server runs for the program that has started it. */
const name = "stdio";

/** What berth.json says of the calls of one server. */
export interface CallPolicy {
  filter: ToolFilter | undefined;
  /** Called for each call that has ended, or was not let through. */
  onCall(record: CallRecord): void;
}

/** The client on stdin as one server meets it: under the same filter and in the same records as over HTTP. */
export function stdioCaller({ filter, onCall }: CallPolicy, mux: Mux): Caller {
  const screen = createScreen({
    caller: { ...anyone(false), name },
    filters: filter === undefined ? [] : [filter],
    isText: false,
    trace: undefined,
    listTools: () => toolsOf(mux.peer.findList("tools/list")),
    onRefused: (request) => onCall(refusedRecord(name, request)),
  });
  return { principal: name, screen };
}

/** Asks for the tools where the filter has to know them; what is not known is not let through. */
export async function learnTools({ filter }: CallPolicy, mux: Mux): Promise<void> {
  if (filter?.readOnly === true) await askPeer(mux, "tools/list", {});
}
