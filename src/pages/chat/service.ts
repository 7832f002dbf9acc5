import type { Entry } from "../../services/support-chat/conversation.ts";
import type { ChatState } from "../../services/support-chat/operations.ts";
import type { TurnEvent } from "../../services/support-chat/turn.ts";
import { send } from "../ui/api.ts";
import { read } from "../ui/events.ts";

export type { ChatState, Entry, TurnEvent };
export type CallEntry = Extract<Entry, { type: "call" }>;
export type ChatTool = ChatState["tools"][number];

/** How long a turn may take, in milliseconds. */
const turnLimitMs = 900_000;

/** Has the service take a turn and passes on what it tells. */
export async function follow(
  path: string,
  body: object,
  onEvent: (event: TurnEvent) => void,
): Promise<void> {
  const response = await send(path, { method: "POST", body, limitMs: turnLimitMs });
  for await (const events of read(response)) {
    for (const { data } of events) onEvent(JSON.parse(data));
  }
}
