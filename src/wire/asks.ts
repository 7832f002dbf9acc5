import type { Client } from "./client.ts";
import { errorOf, type Request, type RequestId, type Response, rpcCode } from "./message.ts";
import type { Peer } from "./peer.ts";

/** The most requests of servers that wait for clients; one more is refused. */
export const askLimitCount = 1000;
/** How long a client may take to answer a server, in milliseconds: people fill in the forms. */
export const askLimitMs: number = 15 * 60 * 1000;

/** One request of a server that a client is to answer: sampling, elicitation, roots. */
export interface Ask {
  /** What the client knows the request by. */
  readonly id: number;
  /** What the server knows it by. */
  readonly peerId: RequestId;
  readonly progressToken: RequestId | undefined;
  readonly peer: Peer;
  readonly client: Client;
  /** The call that it belongs to, if one is known. */
  readonly callId: number | undefined;
  readonly startedAtMs: number;
}

/** The requests that servers have put to clients. Only the client that was asked can answer. */
export class Asks {
  readonly #open = new Map<number, Ask>();
  #lastId = 0;

  get count(): number {
    return this.#open.size;
  }

  /** Opens an ask and writes its id and progress token into `request`, which goes to the client. */
  open(request: Request, peer: Peer, client: Client, callId?: number): Ask {
    const id = ++this.#lastId;
    const meta = request.params?._meta;
    const progressToken = meta?.progressToken;
    const ask: Ask = {
      id,
      peerId: request.id,
      // Restored as it was, whatever it was; the client only ever sees the number.
      progressToken: progressToken as RequestId | undefined,
      peer,
      client,
      callId,
      startedAtMs: performance.now(),
    };
    request.id = id;
    if (meta && progressToken !== undefined) meta.progressToken = id;
    this.#open.set(id, ask);
    return ask;
  }

  /** Hands a client's answer to the server that asked; an answer from anyone else is dropped. */
  settle(client: Client, response: Response): boolean {
    const ask = this.find(client, response.id);
    if (ask === undefined) return false;
    this.#open.delete(ask.id);
    response.id = ask.peerId;
    ask.peer.send(response);
    return true;
  }

  find(client: Client, id: unknown): Ask | undefined {
    const ask = typeof id === "number" ? this.#open.get(id) : undefined;
    return ask?.client === client ? ask : undefined;
  }

  findOfPeer(peer: Peer, peerId: unknown): Ask | undefined {
    for (const ask of this.#open.values()) {
      if (ask.peer === peer && ask.peerId === peerId) return ask;
    }
    return undefined;
  }

  drop(ask: Ask): void {
    this.#open.delete(ask.id);
  }

  /** Answers every ask that matches with an error, because nobody will answer it any more. */
  refuse(matches: (ask: Ask) => boolean, reason: string): void {
    for (const ask of this.#open.values()) {
      if (!matches(ask)) continue;
      this.#open.delete(ask.id);
      ask.peer.send(errorOf(ask.peerId, rpcCode.serverError, `Cannot ask the client: ${reason}`));
    }
  }

  refuseOverdue(nowMs: number): void {
    const before = nowMs - askLimitMs;
    const reason = `no answer within ${askLimitMs} ms`;
    this.refuse((ask) => ask.startedAtMs < before, reason);
  }
}
