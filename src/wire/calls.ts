import type { Client, Outlet } from "./client.ts";
import type { Request, RequestId } from "./message.ts";
import type { Peer } from "./peer.ts";

/** One request of a client that a peer is working on. */
export interface Call {
  /** What the peer knows the call by; also its progress token, so one table finds both. */
  readonly id: number;
  readonly clientId: RequestId;
  readonly method: string;
  /** The name of the tool, for log lines and metrics. */
  readonly name: string | undefined;
  readonly progressToken: RequestId | undefined;
  readonly client: Client;
  readonly outlet: Outlet;
  readonly peer: Peer;
  readonly startedAtMs: number;
}

/**
 * The requests in flight from all clients to all peers. Ids are unique for the life of the process.
 */
export class Calls {
  readonly #open = new Map<number, Call>();
  #lastId = 0;

  get count(): number {
    return this.#open.size;
  }

  /** Opens a call and writes its id and progress token into `request`, which goes to the peer. */
  open(request: Request, client: Client, outlet: Outlet, peer: Peer): Call {
    const id = ++this.#lastId;
    const clientId = request.id;
    request.id = id;
    const { params } = request;
    const progressToken = params?._meta?.progressToken;
    if (params?._meta && progressToken !== undefined) params._meta.progressToken = id;
    const call: Call = {
      id,
      clientId,
      method: request.method,
      name: typeof params?.name === "string" ? params.name : undefined,
      // Restored as it was, whatever it was; the peer only ever sees the number.
      progressToken: progressToken as RequestId | undefined,
      client,
      outlet,
      peer,
      startedAtMs: performance.now(),
    };
    this.#open.set(id, call);
    return call;
  }

  find(id: RequestId | undefined): Call | undefined {
    return typeof id === "number" ? this.#open.get(id) : undefined;
  }

  /** Takes a call out: it is answered, cancelled or given up. */
  take(id: RequestId | null): Call | undefined {
    const call = this.find(id ?? undefined);
    if (call !== undefined) this.#open.delete(call.id);
    return call;
  }

  /** A scan, because cancellations are rare and a second table would cost every call. */
  findOf(client: Client, clientId: unknown): Call | undefined {
    for (const call of this.#open.values()) {
      if (call.client === client && call.clientId === clientId) return call;
    }
    return undefined;
  }

  /**
   * The call that a message without owner must belong to: the newest, when one client alone has
   * calls on `peer`.
   */
  findOnlyOwner(peer: Peer): Call | undefined {
    let newest: Call | undefined;
    for (const call of this.#open.values()) {
      if (call.peer !== peer) continue;
      if (newest !== undefined && newest.client !== call.client) return undefined;
      newest = call;
    }
    return newest;
  }

  hasAny(peer: Peer): boolean {
    for (const call of this.#open.values()) if (call.peer === peer) return true;
    return false;
  }

  listWhere(matches: (call: Call) => boolean): Call[] {
    return [...this.#open.values()].filter(matches);
  }

  /** The calls that started at or before `startedAtMs`, oldest first. */
  *startedBefore(startedAtMs: number): Iterable<Call> {
    for (const call of this.#open.values()) {
      if (call.startedAtMs > startedAtMs) return;
      yield call;
    }
  }
}
