/** How many events are kept for whoever starts to follow. */
const eventLimitCount = 500;

/** An event and when it was. */
export type Stamped = { at: string } & Record<string, unknown>;

/** The last events of one server, and those who follow them. */
export class EventRing {
  readonly #kept: Stamped[] = [];
  readonly #followers = new Set<(event: Stamped) => void>();

  push(event: object): void {
    const stamped = { at: new Date().toISOString(), ...event };
    this.keep(stamped);
    this.tell(stamped);
  }

  /** Keeps an event without telling of it. */
  keep(event: Stamped): void {
    this.#kept.push(event);
    if (this.#kept.length > eventLimitCount) this.#kept.shift();
  }

  /** For what would soon push everything else out: told to those who follow now, and not kept. */
  tell(event: Stamped): void {
    for (const follow of this.#followers) follow(event);
  }

  last(count: number): readonly Stamped[] {
    return count <= 0 ? [] : this.#kept.slice(-count);
  }

  /** Calls `follow` for each event from now on, until the returned function is called. */
  follow(follow: (event: Stamped) => void): () => void {
    this.#followers.add(follow);
    return () => this.#followers.delete(follow);
  }
}
