import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import {
  type JSONRPCMessage,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  type RequestId,
} from "@modelcontextprotocol/sdk/types.js";
import type { Channel } from "../wire/channel.ts";
import type { Message } from "../wire/message.ts";

/** What the adapter needs of the SDK's `Server` and `McpServer`. */
export interface SdkServer {
  connect(transport: Transport): Promise<void>;
  close(): Promise<void>;
}

/**
 * Puts a server made with the official SDK behind a channel, so that the wire can mount it. The server stays alive for
 * all clients. This is the only shipped file that knows the SDK.
 *
 * @example
 * const mux = createMux(sdkChannel(new McpServer({ name: "echo", version: "1.0.0" })));
 */
export function sdkChannel(server: SdkServer): Channel {
  let isClosed = false;
  const channel: Channel = {
    onMessage: ignore,
    onClose: ignore,
    send(message) {
      const id = "id" in message && "method" in message ? message.id : undefined;
      // The SDK's message type is ours with passthrough members; ours has been checked when it was parsed.
      transport.onmessage?.(message as JSONRPCMessage, id === undefined ? {} : extraFor(id));
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      await server.close();
    },
  };
  const extraFor = (id: RequestId): { closeSSEStream: () => void } => ({
    closeSSEStream: () => channel.onHangUp?.(id),
  });
  const transport: Transport = {
    start: () => Promise.resolve(),
    async send(message, options) {
      const relatedTo = options?.relatedRequestId;
      // See above: the same shape under another name.
      channel.onMessage(message as Message, relatedTo === undefined ? undefined : { relatedTo });
    },
    async close() {
      transport.onclose?.();
      if (!isClosed) channel.onClose("it has closed its transport");
    },
  };
  // `connect` sets the handlers before its first await, so nothing that is sent from now on is lost.
  server.connect(transport).catch((error: unknown) => channel.onClose(String(error)));
  return channel;
}

/**
 * The SDK's server for a server that has only tools: prompts, resources and templates list empty, and what it does not
 * know is answered as the protocol asks. Its initialize and tools are answered before they come here.
 */
export function openToolEngine(info: { name: string; title: string; version: string }): Channel {
  const server = new Server(info, { capabilities: { prompts: {}, resources: {} } });
  server.setRequestHandler(ListPromptsRequestSchema, () => ({ prompts: [] }));
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: [] }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: [] }));
  return sdkChannel(server);
}

const ignore = (): void => undefined;
