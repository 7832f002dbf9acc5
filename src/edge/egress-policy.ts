import { isIP } from "node:net";
import { aliasesOf, specialRange } from "./egress-address.ts";
import { coversNetEntry, type NetEntry, parseNetEntry } from "./net-entry.ts";
import type { Rule } from "./permissions.ts";

/** Where a bundle wants to go. The host is canonical; see `canonicalHost`. */
export interface Destination {
  host: string;
  port: number;
}

/** The entries of a net rule, parsed once a bundle. */
export interface NetPolicy {
  allow: true | readonly NetEntry[];
  deny: readonly NetEntry[];
  /**
   * Hosts of the operator that may stand for private addresses, such as services of this cluster.
   */
  privateHosts: readonly NetEntry[];
}

export function netPolicy(rule: Rule, privateHosts: readonly string[] = []): NetPolicy {
  return {
    allow: rule.allow === true ? true : rule.allow.map(parseNetEntry),
    deny: rule.deny.map(parseNetEntry),
    privateHosts: privateHosts.map(parseNetEntry),
  };
}

/** Why the name may not be reached at all, before it is resolved; undefined when it may. */
export function refusalOfHost(policy: NetPolicy, destination: Destination): string | undefined {
  if (policy.deny.some((entry) => coversNetEntry(entry, destination))) return "the host is denied";
  if (policy.allow === true) return undefined;
  if (policy.allow.some((entry) => coversNetEntry(entry, destination))) return undefined;
  return "the host is not granted";
}

/**
 * The first of the resolved addresses that may be connected to, or why there is none. A name leads
 * to public addresses only: what it stands for is decided by whoever runs its zone. Others are
 * granted by literal, `localhost`, or the operator's list.
 */
export function chooseAddress(
  policy: NetPolicy,
  destination: Destination,
  addresses: readonly string[],
): { address: string } | { refusal: string } {
  let refusal = "the name has no address";
  for (const address of addresses) {
    const reason = refusalOfAddress(policy, destination, address);
    if (reason === undefined) return { address };
    refusal = reason;
  }
  return { refusal };
}

function refusalOfAddress(
  policy: NetPolicy,
  { host, port }: Destination,
  address: string,
): string | undefined {
  const literal = { host: address, port };
  const places = [address, ...aliasesOf(address)].map((place) => ({ host: place, port }));
  const isDenied = places.some((place) => policy.deny.some((one) => coversNetEntry(one, place)));
  if (isDenied) return "its address is denied";
  const range = specialRange(address);
  if (range === undefined || policy.allow === true) return undefined;
  // Whoever is asked about an address has granted it before: `refusalOfHost` compares the same
  // text.
  if (isIP(host) !== 0) return undefined;
  if (host === "localhost" && range === "loopback") return undefined;
  if (policy.allow.some((entry) => coversNetEntry(entry, literal))) return undefined;
  const isPrivate = range === "private" || range === "carrier-grade NAT" || range === "loopback";
  if (isPrivate && policy.privateHosts.some((entry) => coversNetEntry(entry, { host, port }))) {
    return undefined;
  }
  return `the name leads to a special address (${range})`;
}
