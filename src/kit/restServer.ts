import { proxySetting, secretSetting } from "../core/commonSettings.ts";
import type { Secret } from "../core/secret.ts";
import { defineSettings, httpUrl, type Setting } from "../core/settings.ts";
import { openUpstream, type Upstream } from "../core/upstream.ts";
import { defineServer, type ServerDefinition } from "./server.ts";
import type { Tool } from "./tool.ts";

/** How long readiness waits for the REST service, in milliseconds; below a probe's usual 1 s. */
const readyLimitMs = 900;

type RestSettings = {
  baseUrl: Setting<string>;
  token: Setting<Secret | undefined>;
  proxy: Setting<string>;
};

/** A thin adapter in front of one REST service. */
export interface RestServerDefinition {
  /** The domain's noun, for example `customer`; names the binary, the server and its environment variables. */
  domain: string;
  about: string;
  instructions: string;
  port: number;
  /** Where the REST service listens in the examples. */
  restPort: number;
  tools: readonly Tool<Upstream>[];
}

/** Defines an MCP server whose tools call one REST service and hold no logic of their own. */
export function defineRestServer(
  definition: RestServerDefinition,
): ServerDefinition<RestSettings, Upstream> {
  const { domain } = definition;
  const shout = domain.toUpperCase();
  const title = `${shout.charAt(0)}${domain.slice(1)}`;
  const example = `${domain}-mcp --${domain}-api-base-url http://localhost:${definition.restPort}`;
  return defineServer({
    binary: `${domain}-mcp`,
    name: `${domain}-api`,
    title,
    about: definition.about,
    instructions: definition.instructions,
    http: {
      port: definition.port,
      portEnv: [`PORT_FOR_${shout}_MCP`],
      hostEnv: [`HOST_FOR_${shout}_MCP`],
    },
    settings: upstreamSettings(domain, definition.restPort),
    examples: [example, `${example} --transport http`],
    tools: definition.tools,
    open: ({ baseUrl, token, proxy }) =>
      openUpstream({ name: `${domain} service`, baseUrl, token, isProxied: proxy !== "" }),
    isReady: (rest) => rest.isReady("/actuator/health/readiness", readyLimitMs),
  });
}

function upstreamSettings(domain: string, restPort: number): RestSettings {
  const shout = domain.toUpperCase();
  return defineSettings({
    baseUrl: {
      flag: `${domain}-api-base-url`,
      env: [`${shout}_API_BASE_URL`],
      parse: httpUrl,
      expected: `an http(s) URL, for example http://localhost:${restPort}`,
      about: `Where the ${domain} service answers`,
    },
    token: secretSetting(
      `${shout}_API_TOKEN`,
      `The bearer token that the ${domain} service asks for`,
    ),
    proxy: proxySetting,
  });
}
