import * as z from "zod";
import { portSetting, secretSetting } from "../core/commonSettings.ts";
import type { Logger } from "../core/log.ts";
import type { Running } from "../core/program.ts";
import type { Secret } from "../core/secret.ts";
import { defineSettings, list, type Setting, truth, wholeNumber } from "../core/settings.ts";
import type { Mux } from "../wire/mux.ts";
import { type Readiness, serveFront } from "../wire/serve.ts";

/** Where a server listens when nothing else is said. */
export interface HttpDefaults {
  port: number;
  portEnv?: readonly string[];
  hostEnv?: readonly string[];
  /** The largest request body, for servers whose arguments hold whole files. */
  bodyLimitBytes?: number;
}

/** The parsed HTTP settings; see `httpSettings` for what each one is. */
export interface HttpValues {
  readonly host: string;
  readonly port: number;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly httpToken: Secret | undefined;
  readonly requireSession: boolean;
  readonly bodyLimitBytes: number;
}

/** The settings of the HTTP front, the same for every server but for its port. */
export function httpSettings(http: HttpDefaults): {
  [Name in keyof HttpValues]: Setting<HttpValues[Name]>;
} {
  return defineSettings({
    host: {
      flag: "host",
      env: [...(http.hostEnv ?? []), "HOST"],
      parse: z.string().min(1),
      expected: "an address or host name",
      default: "127.0.0.1",
      about: "The address to listen on",
    },
    port: portSetting([...(http.portEnv ?? []), "PORT"], http.port),
    allowedHosts: {
      flag: "allowed-hosts",
      env: ["MCP_ALLOWED_HOSTS"],
      parse: list,
      expected: "host names separated by commas, or *",
      default: "",
      about: "Host names beside loopback under which it may be called",
    },
    allowedOrigins: {
      flag: "allowed-origins",
      env: ["MCP_ALLOWED_ORIGINS"],
      parse: list,
      expected: "origins separated by commas, or *",
      default: "",
      about: "Origins of web pages that may call it",
    },
    httpToken: secretSetting("MCP_TOKEN", "The bearer token that callers must send"),
    requireSession: {
      flag: "require-session",
      env: ["MCP_REQUIRE_SESSION"],
      parse: truth,
      expected: "true or false",
      default: "false",
      isSwitch: true,
      about: "Refuses calls that name no session",
    },
    bodyLimitBytes: {
      flag: "body-limit-bytes",
      env: ["MCP_BODY_LIMIT_BYTES"],
      parse: wholeNumber(1),
      expected: "a whole number of bytes",
      default: String(http.bodyLimitBytes ?? 4 * 1024 * 1024),
      about: "The largest request body that is read",
    },
  });
}

/** Mounts a server's mux on HTTP: `/mcp` and `/sse`, health and metrics. */
export function listen(
  mux: Mux,
  values: HttpValues,
  options: { log: Logger; checkReady: () => Promise<Readiness> },
): Running {
  const server = serveFront({
    mux,
    host: values.host,
    port: values.port,
    allowedHosts: values.allowedHosts,
    allowedOrigins: values.allowedOrigins,
    ...(values.httpToken && { token: values.httpToken }),
    isSessionRequired: values.requireSession,
    bodyLimitBytes: values.bodyLimitBytes,
    ...options,
  });
  options.log.info({ url: server.url, paths: ["/mcp", "/sse"] }, "listening");
  return { stop: () => server.stop() };
}
