import type { Client, Outlet } from "../../src/wire/client.ts";
import type { Message, Params, RequestId } from "../../src/wire/message.ts";
import type { Mux } from "../../src/wire/mux.ts";

/** A client that stays, and what it has been sent. */
export class TestClient {
  readonly sent: Message[] = [];
  readonly client: Client;
  readonly #mux: Mux;

  constructor(mux: Mux) {
    this.#mux = mux;
    const keep = (message: Message): void => void this.sent.push(structuredClone(message));
    const outlet: Outlet = { deliver: keep, answer: keep };
    this.client = mux.connect(outlet);
  }

  initialize(capabilities: object = {}, protocolVersion = "2025-11-25"): void {
    this.request("init", "initialize", { protocolVersion, capabilities });
    this.sent.length = 0;
  }

  request(id: RequestId, method: string, params: Params = {}): void {
    this.#mux.receive(this.client, { jsonrpc: "2.0", id, method, params });
  }

  call(id: RequestId, name: string, args: object = {}, _meta?: Record<string, unknown>): void {
    const params = { name, arguments: args, ...(_meta ? { _meta } : undefined) };
    this.request(id, "tools/call", params);
  }

  notify(method: string, params: Params = {}): void {
    this.#mux.receive(this.client, { jsonrpc: "2.0", method, params });
  }

  respond(id: RequestId, result: Record<string, unknown>): void {
    this.#mux.receive(this.client, { jsonrpc: "2.0", id, result });
  }
}
