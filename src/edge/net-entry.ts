import { isIP } from "node:net";
import { AppError } from "../core/fault.ts";

/** One entry of a net rule: a host, a subdomain pattern or an address, and optionally a port. */
export interface NetEntry {
  /**
   * Lower case, without brackets or a closing dot; `*.example.org` stands for every name below it.
   */
  host: string;
  port: number | undefined;
}

const portLimit = 65_535;

/**
 * Parses `host`, `host:port`, `[v6]:port` or `*.suffix`; addresses come out in their one canonical
 * form.
 * @throws AppError `invalid_config` when it is none of these.
 */
export function parseNetEntry(text: string): NetEntry {
  const entry = findNetEntry(text);
  if (entry !== undefined) return entry;
  throw new AppError(
    "invalid_config",
    `Cannot read the net entry ${JSON.stringify(text)}: not a host`,
    {
      hint: "Write host, host:port, *.suffix, 192.0.2.1:443 or [2001:db8::1]:443, without a scheme.",
    },
  );
}

/** As `parseNetEntry`; undefined for what is no entry. */
export function findNetEntry(text: string): NetEntry | undefined {
  const match = /^(\[[^\]]*\]|[^:[\]]*)(?::(\d{1,5}))?$/.exec(text.trim());
  const port = match?.[2] === undefined ? undefined : Number(match[2]);
  const host = canonicalHost(match?.[1] ?? "");
  const isPort = port === undefined || (port > 0 && port <= portLimit);
  return host && isPort ? { host, port } : undefined;
}

/** The entry as it is written. */
export function formatNetEntry({ host, port }: NetEntry): string {
  const name = isIP(host) === 6 ? `[${host}]` : host;
  return port === undefined ? name : `${name}:${port}`;
}

/** True when everything that `inner` names is also named by `outer`. */
export function coversNetEntry(outer: NetEntry, inner: NetEntry): boolean {
  if (outer.port !== undefined && outer.port !== inner.port) return false;
  if (outer.host === inner.host) return true;
  return outer.host.startsWith("*.") && inner.host.endsWith(outer.host.slice(1));
}

/**
 * A host as the URL standard reads it, so that `0x7f.1` and `127.0.0.1` are one; undefined when it
 * is none.
 */
export function canonicalHost(text: string): string | undefined {
  const isPattern = text.startsWith("*.");
  const name = isPattern ? text.slice(2) : text;
  if (name === "" || /[\s/?#@\\*%]/.test(name)) return undefined;
  let host: string;
  try {
    host = new URL(`http://${name}/`).hostname;
  } catch {
    return undefined;
  }
  const plain = host.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (plain === "" || (isPattern && isIP(plain) !== 0)) return undefined;
  return isPattern ? `*.${plain}` : plain;
}
