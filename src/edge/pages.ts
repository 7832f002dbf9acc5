import type { Response } from "../wire/message.ts";
import type { PoolCall } from "./pool-call.ts";
import type { Worker } from "./worker.ts";

/** The most pages of one list that are read; what comes after is left to clients that ask with a cursor. */
const pageLimitCount = 100;

/**
 * Takes one page of a tool list; true when another is on its way. Filters, the aggregate and clients that ignore
 * `nextCursor` (Llama Stack) all need the list whole.
 */
export function collectPage(worker: Worker, call: PoolCall, message: Response): boolean {
  const { request } = call;
  if (request.method !== "tools/list" || "error" in message) return false;
  const { result } = message;
  if (!Array.isArray(result.tools)) return false;
  const tools = [...call.pages, ...result.tools];
  const cursor = result.nextCursor;
  const isAsked = request.params?.cursor !== undefined && call.pageCount === 0;
  if (isAsked || typeof cursor !== "string" || call.pageCount >= pageLimitCount) {
    if (!isAsked) result.tools = tools;
    return false;
  }
  call.pages = tools;
  call.pageCount++;
  const id = `page-${call.pageCount}-${call.id}`;
  worker.calls.set(id, call);
  worker.send({ ...request, id, params: { ...request.params, cursor } });
  return true;
}
