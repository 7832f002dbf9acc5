import { askLimitCount } from "./asks.ts";
import type { Call } from "./calls.ts";
import type { MessageContext } from "./channel.ts";
import { type Client, findMissingCapability, isLoud, type Outlet } from "./client.ts";
import {
  errorOf,
  type Message,
  type Notification,
  type Request,
  resultOf,
  rpcCode,
} from "./message.ts";
import type { Mux } from "./mux.ts";
import type { Peer } from "./peer.ts";

/** A message of a server on its way to a client. */
export interface Outbound<M extends Message = Message> {
  peer: Peer;
  message: M;
  context: MessageContext | undefined;
}

/**
 * Finds the client that a server's request is for, and refuses it when there is none or it cannot
 * serve it.
 */
export function routeRequest(mux: Mux, { peer, message, context }: Outbound<Request>): void {
  if (message.method === "ping") {
    peer.send(resultOf(message.id, {}));
    return;
  }
  const owner = findOwner(mux, peer, context);
  const refusal = findRefusal(mux, owner, message);
  if (owner === undefined || refusal !== undefined) {
    const text = `Cannot ask the client: ${refusal?.state}`;
    peer.send(errorOf(message.id, rpcCode.invalidRequest, text, refusal?.data));
    return;
  }
  mux.asks.open(message, peer, owner.client, owner.call?.id);
  owner.outlet.deliver(message);
}

function findRefusal(
  mux: Mux,
  owner: Owner | undefined,
  message: Request,
): { state: string; data?: unknown } | undefined {
  if (mux.asks.count >= askLimitCount) return { state: `${askLimitCount} requests wait already` };
  if (owner === undefined || owner.client.isGone) {
    return { state: "it is not known which one this is for; ask while handling its call" };
  }
  const missing = findMissingCapability(owner.client.capabilities, message);
  if (missing === undefined) return undefined;
  owner.outlet.refused?.(missing);
  const state = `it did not declare the capability "${Object.keys(missing).join()}"`;
  return { state, data: { requiredCapabilities: missing } };
}

/**
 * Sends a server's notification to the client that it belongs to, or to everyone when it belongs to
 * nobody.
 */
export function routeNotification(mux: Mux, outbound: Outbound<Notification>): void {
  const { method, params } = outbound.message;
  if (method === "notifications/progress") routeProgress(mux, outbound.message);
  else if (method === "notifications/cancelled") routeCancellation(mux, outbound);
  else if (method === "notifications/resources/updated") {
    broadcast(mux, outbound.message, (client) => client.subscriptions?.has(String(params?.uri)));
  } else if (method.endsWith("/list_changed")) {
    outbound.peer.forgetLists();
    broadcast(mux, outbound.message, () => true);
  } else routeToOwner(mux, outbound);
}

function routeProgress(mux: Mux, message: Notification): void {
  const { params } = message;
  const token = params?.progressToken;
  const call = mux.calls.find(typeof token === "number" ? token : undefined);
  if (call?.progressToken === undefined || params === undefined) {
    mux.counters.lateCount++;
    return;
  }
  params.progressToken = call.progressToken;
  deliver(call.client, call.outlet, message);
}

function routeCancellation(mux: Mux, { peer, message }: Outbound<Notification>): void {
  const { params } = message;
  const ask = mux.asks.findOfPeer(peer, params?.requestId);
  if (ask === undefined || params === undefined) return;
  mux.asks.drop(ask);
  params.requestId = ask.id;
  deliver(ask.client, mux.calls.find(ask.callId)?.outlet ?? ask.client.outlet, message);
}

function routeToOwner(mux: Mux, { peer, message, context }: Outbound<Notification>): void {
  const owner = findOwner(mux, peer, context);
  if (owner === undefined) {
    mux.counters.ownerlessCount++;
    return;
  }
  const isLog = message.method === "notifications/message";
  if (isLog && !isLoud(message.params?.level, owner.client.logLevel)) return;
  deliver(owner.client, owner.outlet, message);
}

interface Owner {
  client: Client;
  outlet: Outlet;
  call: Call | undefined;
}

/**
 * What the sender says, else the only client with calls in flight, else the only client there is.
 * Never a guess.
 */
function findOwner(mux: Mux, peer: Peer, context: MessageContext | undefined): Owner | undefined {
  if (context?.relatedTo !== undefined) return ownerOf(mux.calls.find(context.relatedTo));
  if (context?.client !== undefined) {
    return { client: context.client, outlet: context.client.outlet, call: undefined };
  }
  if (mux.calls.hasAny(peer)) return ownerOf(mux.calls.findOnlyOwner(peer));
  const [only, ...others] = mux.clients;
  if (only === undefined || others.length > 0 || peer !== mux.peer) return undefined;
  return { client: only, outlet: only.outlet, call: undefined };
}

function ownerOf(call: Call | undefined): Owner | undefined {
  return call && { client: call.client, outlet: call.outlet, call };
}

function deliver(client: Client, outlet: Outlet, message: Notification): void {
  if (!client.isGone) outlet.deliver(message);
}

function broadcast(
  mux: Mux,
  message: Notification,
  isFor: (client: Client) => boolean | undefined,
): void {
  for (const client of mux.clients) if (isFor(client)) client.outlet.deliver(message);
}
