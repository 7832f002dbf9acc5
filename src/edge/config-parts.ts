import { isAbsolute, resolve } from "node:path";
import { AppError } from "../core/fault.ts";
import type { Logger } from "../core/log.ts";
import { Secret } from "../core/secret.ts";
import { Access, isLoopback } from "./access.ts";
import { Audit } from "./audit.ts";
import type { ConfigText } from "./config.ts";
import type { Config } from "./config-file.ts";
import { resolveText } from "./config-text.ts";
import type { SharedFront } from "./hosted.ts";
import { OAuth } from "./oauth.ts";
import { reservedNames } from "./paths.ts";
import { defaultLimits, type PoolLimits, sessionLimits } from "./pool-limits.ts";
import type { ServerEntry } from "./servers.ts";
import { revealText } from "./text.ts";

/** Who may call: from `auth` of berth.json, and whoever holds the token of the environment. */
export function openAccess(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): Access {
  const { tokens = [], oauth } = config.auth;
  const secret = (text: ConfigText, at: string): Secret => {
    const token = revealText(resolveText(text, at, { env, folder: config.folder }));
    if (/^[\x21-\x7e]+$/.test(token)) return new Secret(token);
    const state = token === "" ? "it is empty" : "it has characters that no header can carry";
    throw new AppError("invalid_config", `Cannot use ${at}: ${state}`, {
      hint: "A token is one word of visible ASCII characters; make one with: openssl rand -hex 32",
    });
  };
  const fixed = tokens.map((grant, index) => ({
    ...grant,
    token: secret(grant.token, `auth.tokens[${index}].token`),
  }));
  const { BERTH_TOKEN: token } = env;
  return new Access({
    tokens: token ? [...fixed, { name: "BERTH_TOKEN", token: new Secret(token) }] : fixed,
    oauth: oauth && new OAuth(oauth),
    isLoopback: isLoopback(config.listen.host),
  });
}

/** The bounds of one server: its own before those of berth.json before the defaults. */
export function limitsOf(config: Config, { config: server }: ServerEntry): PoolLimits {
  const policy = server.policy ?? "shared";
  const own = policy === "per_session" ? sessionLimits : {};
  return { ...defaultLimits, ...own, ...defined(config.limits), ...defined(server.limits), policy };
}

/** What all fronts have in common. */
export function frontOf({ listen }: Config): SharedFront {
  const { allowedHosts, allowedOrigins = [] } = listen;
  // On an address that others reach, access control decides; clients there use names that nobody here knows.
  const hosts = allowedHosts ?? (isLoopback(listen.host) ? [] : ["*"]);
  return { allowedHosts: hosts, allowedOrigins };
}

/** The audit log of berth.json, if it names one. */
export function openAudit(config: Config, log: Logger): Audit | undefined {
  const file = config.audit?.file;
  if (file === undefined) return undefined;
  const path = isAbsolute(file) ? file : resolve(config.folder, file);
  return new Audit(path, (error) => log.error({ err: error }, "the audit log cannot be written"));
}

/** @throws AppError `invalid_config` when a server has the name of a path of the gateway. */
export function checkNames(entries: readonly ServerEntry[]): void {
  const taken = entries.find(({ name }) => reservedNames.has(name));
  if (taken === undefined) return;
  throw new AppError(
    "invalid_config",
    `Cannot serve "${taken.name}": the name is a path of Berth`,
    {
      hint: `Choose another name; these are taken: ${[...reservedNames].join(", ")}.`,
    },
  );
}

function defined(
  limits: Partial<Record<keyof PoolLimits, number | undefined>> = {},
): Partial<PoolLimits> {
  const set = Object.entries(limits).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set);
}
