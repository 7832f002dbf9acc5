/** Where something listens. */
interface Place {
  hostname: string;
  port: number;
}

interface Link {
  other: Bun.Socket<Link> | undefined;
  waiting: Buffer[];
}

/** A TCP relay that can stop passing bytes on, without a word to either side. */
export interface Network {
  port: number;
  /** Swallows everything on the connections that are open, and on those that come if that is said. */
  swallow(further?: "and those to come"): void;
  stop(): void;
}

/** Relays connections that come in at one place to another. */
export function startNetwork(at: Place, to: Place): Network {
  const swallowed = new WeakSet<Link>();
  const links = new Set<Link>();
  let isSwallowingAll = false;
  const track = (other?: Bun.Socket<Link>): Link => {
    const link = { other, waiting: [] };
    links.add(link);
    if (isSwallowingAll) swallowed.add(link);
    return link;
  };
  const pass = (socket: Bun.Socket<Link>, bytes: Buffer) => {
    if (swallowed.has(socket.data)) return;
    if (socket.data.other) socket.data.other.write(bytes);
    else socket.data.waiting.push(Buffer.from(bytes));
  };
  const end = (socket: Bun.Socket<Link>) => {
    links.delete(socket.data);
    if (!swallowed.has(socket.data)) socket.data.other?.end();
  };
  const server = Bun.listen<Link>({
    ...at,
    socket: {
      async open(client) {
        client.data = track();
        const socket = { data: pass, close: end };
        const upstream = await Bun.connect<Link>({ ...to, data: track(client), socket });
        client.data.other = upstream;
        for (const bytes of client.data.waiting) upstream.write(bytes);
      },
      data: pass,
      close: end,
    },
  });
  return {
    port: server.port,
    swallow(further) {
      for (const link of links) swallowed.add(link);
      isSwallowingAll = further !== undefined;
    },
    stop: () => server.stop(true),
  };
}
