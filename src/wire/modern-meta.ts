import { type ClientCapabilities, isLogLevel, type LogLevel } from "./client.ts";
import { type Message, type Params, type RpcError, rpcCode } from "./message.ts";
import { modernVersion } from "./protocol.ts";

/** The `_meta` keys of 2026-07-28 (basic, "Request Metadata"). */
export const metaKey = {
  protocolVersion: "io.modelcontextprotocol/protocolVersion",
  clientCapabilities: "io.modelcontextprotocol/clientCapabilities",
  logLevel: "io.modelcontextprotocol/logLevel",
  serverInfo: "io.modelcontextprotocol/serverInfo",
  subscriptionId: "io.modelcontextprotocol/subscriptionId",
} as const;

/** What a modern request says of its client. */
export interface Envelope {
  capabilities: ClientCapabilities;
  /** Without it the client wants no log messages. */
  logLevel: LogLevel | undefined;
}

/** Whether a message names a protocol version in its `_meta`, which no legacy message does. */
export function claimsVersion(message: Message): boolean {
  if (!("method" in message)) return false;
  const meta = message.params?._meta;
  return meta !== undefined && metaKey.protocolVersion in meta;
}

/** Reads what every modern request must carry, or says what is wrong with it. */
export function readEnvelope(params: Params | undefined): Envelope | RpcError {
  const meta = params?._meta;
  if (meta === undefined) return missing("_meta");
  const version = meta[metaKey.protocolVersion];
  if (typeof version !== "string") return missing(metaKey.protocolVersion);
  const capabilities = meta[metaKey.clientCapabilities];
  if (typeof capabilities !== "object" || capabilities === null) {
    return missing(metaKey.clientCapabilities);
  }
  if (version !== modernVersion) return unsupportedVersion(version);
  const logLevel = meta[metaKey.logLevel];
  // Only looked into for three optional members, each of which is compared with undefined.
  return {
    capabilities: capabilities as ClientCapabilities,
    logLevel: isLogLevel(logLevel) ? logLevel : undefined,
  };
}

export function isRpcError(value: object): value is RpcError {
  return "code" in value;
}

export function unsupportedVersion(requested: string): RpcError {
  return {
    code: rpcCode.unsupportedVersion,
    message: `Unsupported protocol version ${JSON.stringify(requested)}: this is ${modernVersion}`,
    data: { supported: [modernVersion], requested },
  };
}

function missing(key: string): RpcError {
  return {
    code: rpcCode.invalidParams,
    message: `Invalid params: the request lacks ${key}, which ${modernVersion} requires`,
    data: { envelope: { missing: [key] } },
  };
}
