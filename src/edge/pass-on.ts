import type { Channel, MessageContext } from "../wire/channel.ts";
import { isRequest, type Notification, type Request } from "../wire/message.ts";
import type { OpenAsks } from "./open-asks.ts";
import type { Worker } from "./worker.ts";

/** Where to what a child says of its own accord goes. */
export interface PassOn {
  asks: OpenAsks;
  deliver: Channel["onMessage"];
  onListChanged: () => void;
}

/** Passes a child's questions to its clients on, what it takes back of them, and its notifications. */
export function passOn(
  { asks, deliver, onListChanged }: PassOn,
  worker: Worker,
  { message, context }: { message: Request | Notification; context: MessageContext | undefined },
): void {
  if (isRequest(message)) {
    if (message.method === "ping") {
      worker.send({ jsonrpc: "2.0", id: message.id, result: {} });
      return;
    }
    asks.open(worker, message);
    deliver(message, context ?? worker.findContext());
  } else if (message.method === "notifications/cancelled") {
    const withdrawn = asks.withdraw(worker, message);
    if (withdrawn !== undefined) deliver(withdrawn);
  } else {
    if (message.method.endsWith("/list_changed")) onListChanged();
    deliver(message, worker.findContext());
  }
}
