import type { Permissions } from "../permissions.ts";
import type { SocketPolicy } from "./filter.ts";
import type { JailSupport } from "./support.ts";

/** What the sockets of a bundle depend on. */
export interface SocketOptions {
  permissions: Permissions;
  support: JailSupport;
  /** The port of Berth's egress proxy; needed when hosts are granted. */
  proxyPort?: number | undefined;
  /** The path of the socket broker; see `broker.ts`. */
  brokerPath?: string | undefined;
}

/**
 * How the sockets of a bundle are limited: by the hosts it was granted and by what this kernel has.
 */
export function socketPolicy({ permissions, support, brokerPath }: SocketOptions): SocketPolicy {
  const { allow, deny } = permissions.net;
  if (allow === true && deny.length === 0) return "open";
  if (allow !== true && allow.length === 0) return "none";
  return support.broker && brokerPath !== undefined ? "brokered" : "proxied";
}

/** The TCP ports that Landlock lets through; null for all. */
export function connectPorts(options: SocketOptions): number[] | null {
  const sockets = socketPolicy(options);
  if (sockets === "open") return null;
  return sockets === "none" || options.proxyPort === undefined ? [] : [options.proxyPort];
}
