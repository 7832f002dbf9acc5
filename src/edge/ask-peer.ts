import type { Params, Response } from "../wire/message.ts";
import type { Mux } from "../wire/mux.ts";

/** One request of Berth's own to a server, as a client that is gone after the answer. */
export function askPeer(mux: Mux, method: string, params: Params): Promise<Response> {
  return new Promise((resolve) => {
    const client = mux.visit({ deliver: () => undefined, answer: resolve }, {});
    mux.receive(client, { jsonrpc: "2.0", id: 0, method, params });
  });
}
