import { allows } from "../grants.ts";
import type { Permissions } from "../permissions.ts";

/**
 * Given to every child, from the runtime's own environment: they say how text and time are shown.
 */
const harmless: readonly string[] = ["LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "TERM"];
/**
 * These are code for an engine or the loader; coming from outside they would run before the bundle
 * does.
 */
const engineVariable = /^(BUN_|NODE_OPTIONS$|NODE_PATH$|NODE_EXTRA_|LD_|DYLD_|PYTHON|BERTH_)/;
/** Where a child's programs are looked up. */
const childPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** What a child's environment is made of. */
export interface EnvironmentParts {
  /** Set for the bundle on purpose: its manifest's and the operator's variables. */
  own: Readonly<Record<string, string>>;
  /** The runtime's environment, of which only what is granted passes. */
  host: Readonly<Record<string, string | undefined>>;
  permissions: Permissions;
  tempFolder: string;
  /** The egress proxy with this bundle's token; undefined without granted hosts. */
  proxyUrl?: string | undefined;
}

/** The child's whole environment: an allow-list, its private folder, its proxy. */
export function childEnvironment(parts: EnvironmentParts): Record<string, string> {
  const { env: rule } = parts.permissions;
  const passed = Object.entries(parts.host).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      !engineVariable.test(entry[0]) &&
      (harmless.includes(entry[0]) || allows("env", rule, entry[0])),
  );
  return {
    PATH: childPath,
    ...Object.fromEntries(passed),
    HOME: parts.tempFolder,
    TMPDIR: parts.tempFolder,
    ...parts.own,
    ...(parts.proxyUrl === undefined ? {} : proxyVariables(parts.proxyUrl)),
  };
}

/**
 * Every spelling that HTTP clients look for; NO_PROXY is emptied, or a client would skip the proxy
 * and be refused.
 */
function proxyVariables(url: string): Record<string, string> {
  return {
    HTTP_PROXY: url,
    HTTPS_PROXY: url,
    http_proxy: url,
    https_proxy: url,
    NO_PROXY: "",
    no_proxy: "",
    // Node's own fetch looks at the variables only when told to.
    NODE_USE_ENV_PROXY: "1",
  };
}
