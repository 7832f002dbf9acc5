import type { Message, Request, RequestId, Response } from "../wire/message.ts";

/** Who has asked: a child, or one call of an aggregate. */
export interface Asker {
  send(message: Message): void;
}

interface OpenAsk {
  asker: Asker;
  /** What the asker knows its request by. */
  childId: RequestId;
  childToken: RequestId | undefined;
}

/** The requests of servers that wait for a client. Servers number theirs alike, so each gets an id of its own here. */
export class OpenAsks {
  readonly #open = new Map<RequestId, OpenAsk>();
  #lastId = 0;

  /** Writes an id of its own into `request`. */
  open(asker: Asker, request: Request): void {
    const id = ++this.#lastId;
    const meta = request.params?._meta;
    // Restored as it was, whatever it was.
    const childToken = meta?.progressToken as RequestId | undefined;
    this.#open.set(id, { asker, childId: request.id, childToken });
    request.id = id;
    if (meta && childToken !== undefined) meta.progressToken = id;
  }

  /** Hands a client's answer to the child that asked. */
  settle(response: Response): void {
    const ask = response.id === null ? undefined : this.#open.get(response.id);
    if (ask === undefined || response.id === null) return;
    this.#open.delete(response.id);
    ask.asker.send({ ...response, id: ask.childId });
  }

  /** A child no longer wants an answer: the notification as the clients have to see it. */
  withdraw(asker: Asker, message: Message): Message | undefined {
    if (!("method" in message)) return undefined;
    for (const [id, ask] of this.#open) {
      if (ask.asker !== asker || ask.childId !== message.params?.requestId) continue;
      this.#open.delete(id);
      return { ...message, params: { ...message.params, requestId: id } };
    }
    return undefined;
  }

  /** Passes on how far a client is with what a child asked. */
  progress(message: Message): void {
    if (!("method" in message)) return;
    const token = message.params?.progressToken;
    const ask = typeof token === "number" ? this.#open.get(token) : undefined;
    if (ask?.childToken === undefined) return;
    ask.asker.send({ ...message, params: { ...message.params, progressToken: ask.childToken } });
  }

  /** Forgets what a child that is gone has asked, and says what its clients need no longer answer. */
  drop(asker: Asker): Message[] {
    const dropped: Message[] = [];
    for (const [id, ask] of this.#open) {
      if (ask.asker !== asker) continue;
      this.#open.delete(id);
      const params = { requestId: id, reason: "The MCP server is gone" };
      dropped.push({ jsonrpc: "2.0", method: "notifications/cancelled", params });
    }
    return dropped;
  }
}
