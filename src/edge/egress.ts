import { lookup } from "node:dns/promises";
import { type AddressInfo, connect, createServer, isIP, type Server, type Socket } from "node:net";
import type { Logger } from "../core/log.ts";
import { chooseAddress, type NetPolicy, netPolicy, refusalOfHost } from "./egress-policy.ts";
import { type EgressUse, EgressUses } from "./egress-uses.ts";
import type { Refusal } from "./jail/refusal.ts";
import type { Rule } from "./permissions.ts";
import { closingAnswer } from "./proxy-answer.ts";
import { type ProxyRequest, parseProxyRequest } from "./proxy-request.ts";

/**
 * Bounds of the proxy. Bytes in flight are those of two socket buffers a connection: a slow side
 * stops the other.
 */
export interface EgressLimits {
  /** Connections of one bundle at a time. */
  connectionsPerBundle: number;
  /** How long a request's head may take, in milliseconds. */
  headMs: number;
  /** How long connecting to the server may take, in milliseconds. */
  connectMs: number;
  /** How long a connection may be silent, in milliseconds; servers that stream send something well within. */
  idleMs: number;
}

const defaultLimits: EgressLimits = {
  connectionsPerBundle: 64,
  headMs: 10_000,
  connectMs: 10_000,
  idleMs: 300_000,
};
/** The longest head of a request that is read, in bytes. */
const headLimitBytes = 16 * 1024;

export interface EgressOptions {
  log: Logger;
  /** Resolves a name, once a connection; tests put theirs here. */
  resolve?: (host: string) => Promise<string[]>;
  /** Hosts that the operator lets stand for private addresses, such as services of this cluster. */
  privateHosts?: readonly string[];
  limits?: Partial<EgressLimits>;
}

/** The proxy through which bundles with a host list reach the network. */
export interface Egress {
  port: number;
  /** Lets one child in, with what it may reach; the token in `url` is its alone. Without `onRefusal`, refusals are logged. */
  admit(
    bundle: string,
    net: Rule,
    onRefusal?: (refusal: Refusal) => void,
  ): { url: string; release(): void };
  /** The addresses that a bundle has reached or tried to reach. */
  usesOf(bundle: string): EgressUse[];
  /** What was refused since the start. */
  refusals(): number;
  close(): Promise<void>;
}

interface Guest {
  bundle: string;
  onRefusal: ((refusal: Refusal) => void) | undefined;
  policy: NetPolicy;
  connections: Set<Socket>;
}

/** Opens the egress proxy on 127.0.0.1. */
export async function openEgress(options: EgressOptions): Promise<Egress> {
  const limits = { ...defaultLimits, ...options.limits };
  const guests = new Map<string, Guest>();
  const counters = { refusals: 0 };
  const uses = new EgressUses();
  const context = { ...options, limits, guests, counters, uses };
  const server = createServer({ allowHalfOpen: true }, (client) => receive(client, context));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  // A TCP server has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    usesOf: (bundle) => uses.of(bundle),
    admit: (bundle, net, onRefusal) => admit(context, { bundle, net, port, onRefusal }),
    refusals: () => counters.refusals,
    close: () => closeAll(server, guests),
  };
}

interface Context extends EgressOptions {
  limits: EgressLimits;
  guests: Map<string, Guest>;
  uses: EgressUses;
  counters: { refusals: number };
}

function admit(
  { guests, privateHosts }: Context,
  {
    bundle,
    net,
    port,
    onRefusal,
  }: Pick<Guest, "bundle" | "onRefusal"> & { net: Rule; port: number },
): { url: string; release(): void } {
  const token = Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString("base64url");
  const policy = netPolicy(net, privateHosts);
  const guest: Guest = { bundle, onRefusal, policy, connections: new Set() };
  guests.set(token, guest);
  return {
    url: `http://berth:${token}@127.0.0.1:${port}`,
    release() {
      guests.delete(token);
      for (const socket of guest.connections) socket.destroy();
    },
  };
}

async function closeAll(server: Server, guests: Map<string, Guest>): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  for (const { connections } of guests.values()) {
    for (const socket of connections) socket.destroy();
  }
  await closed;
}

/** Reads the head of one request; whatever followed it is put back. */
function receive(client: Socket, context: Context): void {
  const late = setTimeout(() => client.destroy(), context.limits.headMs);
  let received = Buffer.alloc(0);
  client.on("error", () => client.destroy());
  client.on("close", () => clearTimeout(late));
  client.on("data", function read(chunk: Buffer) {
    received = Buffer.concat([received, chunk]);
    const end = received.indexOf("\r\n\r\n");
    if (end < 0 && received.byteLength <= headLimitBytes) return;
    clearTimeout(late);
    client.pause();
    client.off("data", read);
    const head = end < 0 ? "" : received.toString("latin1", 0, end);
    serve(client, parseProxyRequest(head), { context, rest: received.subarray(end + 4) });
  });
}

interface Serving {
  context: Context;
  /** What the client sent after the head. */
  rest: Buffer;
}

async function serve(
  client: Socket,
  request: ProxyRequest | undefined,
  { context, rest }: Serving,
): Promise<void> {
  if (!request) return answer(client, "400 Bad Request", "Berth's proxy takes CONNECT and http://");
  const guest = context.guests.get(request.token ?? "");
  if (!guest) {
    context.log.warn({ reason: "no token" }, "egress refused");
    return answer(client, "407 Proxy Authentication Required", "a bundle's token is missing");
  }
  if (guest.connections.size >= context.limits.connectionsPerBundle) {
    return refuse(client, request, { context, guest, reason: "too many connections" });
  }
  guest.connections.add(client);
  client.on("close", () => guest.connections.delete(client));
  const chosen = await choose(guest.policy, request, context);
  if (client.destroyed) return;
  if ("refusal" in chosen) {
    return refuse(client, request, { context, guest, reason: chosen.refusal });
  }
  context.uses.record(guest.bundle, request.destination, false);
  relay(client, request, { address: chosen.address, rest, context });
}

/** Resolves once; the address that was judged is the address that is connected to. */
async function choose(
  policy: NetPolicy,
  { destination }: ProxyRequest,
  { resolve = resolveAll }: Context,
): Promise<{ address: string } | { refusal: string }> {
  const refusal = refusalOfHost(policy, destination);
  if (refusal !== undefined) return { refusal };
  if (isIP(destination.host)) return chooseAddress(policy, destination, [destination.host]);
  const addresses = await resolve(destination.host).catch(() => []);
  return chooseAddress(policy, destination, addresses);
}

async function resolveAll(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

function relay(
  client: Socket,
  { destination, forwarded, isTunnel }: ProxyRequest,
  { address, rest, context }: { address: string; rest: Buffer; context: Context },
): void {
  const { limits } = context;
  const server = connect({ host: address, port: destination.port, allowHalfOpen: true });
  const late = setTimeout(() => server.destroy(new Error("timeout")), limits.connectMs);
  let isConnected = false;
  const end = () => {
    clearTimeout(late);
    server.destroy();
    client.destroy();
  };
  client.on("close", end);
  server.on("connect", () => {
    clearTimeout(late);
    isConnected = true;
    for (const side of [client, server]) side.setTimeout(limits.idleMs, end);
    if (isTunnel) client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    else server.write(forwarded, "latin1");
    if (rest.byteLength > 0) server.write(rest);
    server.on("close", end);
    client.pipe(server);
    if (isTunnel) server.pipe(client);
    else server.pipe(closingAnswer()).pipe(client);
  });
  server.on("error", () => {
    clearTimeout(late);
    if (isConnected) end();
    else answer(client, "502 Bad Gateway", `${destination.host}:${destination.port} is silent`);
  });
}

function refuse(
  client: Socket,
  { destination }: ProxyRequest,
  { context, guest, reason }: { context: Context; guest: Guest; reason: string },
): void {
  context.counters.refusals += 1;
  const { host, port } = destination;
  context.uses.record(guest.bundle, destination, true);
  if (guest.onRefusal === undefined) {
    context.log.warn({ server: guest.bundle, host, port, reason }, "egress refused");
  } else guest.onRefusal({ call: "connect", attempt: `reach ${host}:${port}`, reason });
  answer(client, "403 Forbidden", `Cannot reach "${host}:${port}": ${reason}`);
}

/** Says it and hangs up: nothing after a refusal is read as another request. */
function answer(client: Socket, status: string, text: string): void {
  if (client.destroyed) return;
  const challenge = status.startsWith("407") ? 'Proxy-Authenticate: Basic realm="berth"\r\n' : "";
  const body = `${text}\n`;
  client.end(
    `HTTP/1.1 ${status}\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `${challenge}Connection: close\r\n\r\n${body}`,
    () => client.destroy(),
  );
}
