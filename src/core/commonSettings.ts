import * as z from "zod";
import type { Secret } from "./secret.ts";
import { httpUrl, optionalSecret, port, type Setting, truth } from "./settings.ts";

/** The address that a program listens on; loopback unless told otherwise. */
export const hostSetting: Setting<string> = {
  flag: "host",
  env: ["HOST"],
  parse: z.string().min(1),
  expected: "a host name or address",
  default: "127.0.0.1",
  about: "The address to listen on",
};

/** The port that a program listens on; the first of the variables that is set wins. */
export function portSetting(env: readonly string[], standard: number): Setting<number> {
  return {
    flag: "port",
    env,
    parse: port,
    expected: "a port from 0 to 65535",
    default: `${standard}`,
    about: "The port to listen on; 0 takes a free one",
  };
}

/** A secret that only the environment gives: the flags of a process can be read by its neighbours. */
export function secretSetting(
  env: string | readonly string[],
  about: string,
  expected = "a bearer token",
): Setting<Secret | undefined> {
  const names = typeof env === "string" ? [env] : env;
  return { env: names, parse: optionalSecret, expected, default: "", about };
}

/** A flag that takes no value and is off without it. */
export function switchSetting(flag: string, about: string): Setting<boolean> & { flag: string } {
  return {
    flag,
    parse: truth,
    expected: "true or false",
    default: "false",
    isSwitch: true,
    about,
  };
}

/** An address that may be left out. */
export const optionalUrl: z.ZodType<string | undefined, string> = z.union([
  z.literal("").transform(() => undefined),
  httpUrl,
]);

/** Only whether it is set counts: the runtime reads the variable itself. */
export const proxySetting: Setting<string> = {
  env: ["HTTP_PROXY", "http_proxy"],
  parse: z.string(),
  expected: "an http(s) URL",
  default: "",
  about: "The HTTP proxy through which the service is reached",
};
