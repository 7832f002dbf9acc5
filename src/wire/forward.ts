import type { Caller, Screen } from "./channel.ts";
import {
  type Client,
  type ClientCapabilities,
  isLogLevel,
  logLevels,
  type Outlet,
} from "./client.ts";
import {
  errorOf,
  isRequest,
  isResponse,
  type Message,
  type Notification,
  type Request,
  type RequestId,
  resultOf,
  rpcCode,
} from "./message.ts";
import type { Mux } from "./mux.ts";
import { isLegacyVersion, latestLegacyVersion } from "./protocol.ts";

/** The most resources that one client may subscribe to. */
export const subscriptionLimitCount = 1000;

/** A message of a client on its way to the server. */
export interface Inbound<M extends Message = Message> {
  client: Client;
  message: M;
  outlet: Outlet;
  caller: Caller | undefined;
}

/** Answers a client's message from what the mux knows, or passes it on under an id of our own. */
export function forward(mux: Mux, inbound: Inbound): void {
  const { client, message } = inbound;
  if (client.isGone) return;
  if (isResponse(message)) {
    if (!mux.asks.settle(client, message)) mux.counters.lateCount++;
  } else if (isRequest(message)) {
    // Not copied: this is the hot path. `isRequest` has checked the message.
    const request = inbound as Inbound<Request>;
    if (inbound.caller?.screen !== undefined && !screen(request, inbound.caller.screen)) return;
    if (!local[message.method]?.(mux, request)) passOn(mux, request);
  } else {
    forwardNotification(mux, { ...inbound, message });
  }
}

/** Puts the caller's screen before the outlet; false when the request has been refused. */
function screen(inbound: Inbound<Request>, { admit, adapts, adapt }: Screen): boolean {
  const { message, outlet } = inbound;
  const { method, params } = message;
  const name = typeof params?.name === "string" ? params.name : undefined;
  const refusal = admit(message);
  if (refusal !== undefined) {
    const answer = errorOf(message.id, refusal.code, refusal.message, refusal.data);
    outlet.answer(adapt({ method, name }, answer));
    return false;
  }
  if (adapts(method)) {
    inbound.outlet = withAnswer(outlet, (response) => {
      outlet.answer(adapt({ method, name }, response));
    });
  }
  return true;
}

/** An outlet that is `outlet` in everything but its answer. */
function withAnswer(outlet: Outlet, answer: Outlet["answer"]): Outlet {
  return {
    deliver: (sent) => outlet.deliver(sent),
    stir: () => outlet.stir?.(),
    dismiss: () => outlet.dismiss?.(),
    hangUp: () => outlet.hangUp?.(),
    refused: (missing) => outlet.refused?.(missing),
    answer,
  };
}

function passOn(mux: Mux, { client, message, outlet, caller }: Inbound<Request>): void {
  const { peer } = mux;
  if (peer.goneReason !== undefined) {
    const text = `Cannot call ${message.method}: the server is gone: ${peer.goneReason}`;
    outlet.answer(errorOf(message.id, rpcCode.serverError, text));
  } else if (mux.calls.count >= mux.callLimitCount) {
    mux.counters.refusedCount++;
    outlet.answer(busy(message.id, `${mux.callLimitCount} calls are in flight already`));
  } else {
    mux.calls.open(message, client, outlet, peer);
    peer.send(message, caller, client);
  }
}

/** Methods that the mux may answer itself. Each returns false when the server has to. */
const local: Record<string, (mux: Mux, inbound: Inbound<Request>) => boolean> = {
  initialize: answerInitialize,
  ping: (_mux, { message, outlet }) => {
    outlet.answer(resultOf(message.id, {}));
    return true;
  },
  "tools/list": answerList,
  "logging/setLevel": setLogLevel,
  "resources/subscribe": subscribe,
  "resources/unsubscribe": unsubscribe,
};

function answerInitialize(mux: Mux, { client, message, outlet }: Inbound<Request>): boolean {
  const known = mux.peer.initializeResult;
  if (known === undefined || mux.peer.goneReason !== undefined) return false;
  const asked = message.params?.protocolVersion;
  if (typeof asked !== "string") {
    const text =
      'Cannot initialize: params.protocolVersion is missing; expected a text like "2025-11-25"';
    outlet.answer(errorOf(message.id, rpcCode.invalidParams, text));
    return true;
  }
  client.protocolVersion = isLegacyVersion(asked) ? asked : latestLegacyVersion;
  const capabilities = message.params?.capabilities;
  // Only looked into for three optional members, each of which is compared with undefined.
  if (typeof capabilities === "object")
    client.capabilities = (capabilities ?? {}) as ClientCapabilities;
  outlet.answer(resultOf(message.id, { ...known, protocolVersion: client.protocolVersion }));
  return true;
}

/** Answers the first page from memory; the server has to answer once per generation of its list. */
function answerList(mux: Mux, { client, message, outlet }: Inbound<Request>): boolean {
  if (message.params?.cursor !== undefined) return false;
  const { peer } = mux;
  const kept = peer.findList(message.method);
  if (kept !== undefined) {
    outlet.answer(resultOf(message.id, kept));
    return true;
  }
  if (peer.goneReason !== undefined) return false;
  const generation = peer.listGeneration;
  const keeper = withAnswer(outlet, (response) => {
    const isCurrent = generation === peer.listGeneration;
    if ("result" in response && isCurrent) peer.keepList(message.method, response.result);
    outlet.answer(response);
  });
  passOn(mux, { client, message, outlet: keeper, caller: undefined });
  return true;
}

/**
 * The server is as talkative as the most talkative client wants; the others are spared in
 * `routeNotification`.
 */
function setLogLevel(mux: Mux, { client, message }: Inbound<Request>): boolean {
  const level = message.params?.level;
  if (!isLogLevel(level)) return false;
  client.logLevel = level;
  const wanted = [...mux.clients].map((one) => one.logLevel).filter((one) => one !== undefined);
  const least = logLevels.find((one) => one === level || wanted.includes(one));
  if (message.params) message.params.level = least;
  return false;
}

function subscribe(_mux: Mux, { client, message, outlet }: Inbound<Request>): boolean {
  const uri = message.params?.uri;
  if (typeof uri !== "string") return false;
  client.subscriptions ??= new Set();
  if (client.subscriptions.size >= subscriptionLimitCount) {
    const state = `${subscriptionLimitCount} subscriptions are open already`;
    const text = `Cannot subscribe to ${JSON.stringify(uri)}: ${state}`;
    outlet.answer(errorOf(message.id, rpcCode.invalidParams, text));
    return true;
  }
  client.subscriptions.add(uri);
  return false;
}

function unsubscribe(mux: Mux, { client, message, outlet }: Inbound<Request>): boolean {
  const uri = message.params?.uri;
  if (typeof uri !== "string") return false;
  client.subscriptions?.delete(uri);
  const isStillWanted = isSubscribed(mux, uri);
  // The server counts one subscriber, whoever it is; it must not lose it while another client
  // listens.
  if (isStillWanted) outlet.answer(resultOf(message.id, {}));
  return isStillWanted;
}

function forwardNotification(mux: Mux, inbound: Inbound<Notification>): void {
  const { client, message, caller } = inbound;
  const { params } = message;
  if (message.method === "notifications/cancelled") {
    const call = mux.calls.findOf(client, params?.requestId);
    if (call === undefined) return;
    const reason = params?.reason;
    mux.cancel(call, typeof reason === "string" ? reason : "The client has cancelled the call");
    call.outlet.dismiss?.();
  } else if (message.method === "notifications/progress") {
    const ask = mux.asks.find(client, params?.progressToken);
    if (ask?.progressToken === undefined || params === undefined) return;
    params.progressToken = ask.progressToken;
    ask.peer.send(message, caller);
  } else if (message.method !== "notifications/initialized") {
    // The server has had its own; a client may send its first call before or after that one.
    mux.peer.send(message, caller, client);
  }
}

/** What a request is answered with that cannot even be queued. */
export function busy(id: RequestId, state: string): ReturnType<typeof errorOf> {
  return errorOf(id, rpcCode.serverError, `Cannot take the request: ${state}`, {
    retryAfterMs: 1000,
  });
}

/** Whether any client listens to a resource. */
export function isSubscribed(mux: Mux, uri: string): boolean {
  for (const client of mux.clients) if (client.subscriptions?.has(uri)) return true;
  return false;
}
