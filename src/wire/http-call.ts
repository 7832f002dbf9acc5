import type { Caller } from "./channel.ts";
import type { Request as RpcRequest } from "./message.ts";
import { requestIdKey } from "./protocol.ts";

/** One POST, GET or DELETE, with what the front has found out about it. */
export interface HttpCall {
  request: Request;
  requestId: string;
  caller: Caller | undefined;
}

/** Lets the id of the HTTP request lead on through the server, in this process or behind a pipe. */
export function nameRequest(message: RpcRequest, requestId: string): void {
  message.params ??= {};
  const { params } = message;
  if (params._meta === undefined) params._meta = { [requestIdKey]: requestId };
  else params._meta[requestIdKey] = requestId;
}
