import { AppError } from "../../core/fault.ts";
import { createLogger } from "../../core/log.ts";
import { checkExposure } from "../access.ts";
import { Berth, type BerthOptions } from "../compose.ts";
import { readConfig } from "../config-file.ts";
import { openAccess } from "../config-parts.ts";
import { type Launcher, openLauncher } from "../launcher.ts";
import { type GatewayServer, listenGateway } from "../listen.ts";
import { checkServable } from "../serve-one.ts";
import type { Command, CommandIo } from "./command.ts";

const portLimit = 65_535;

export const serveCommand: Command = {
  name: "serve",
  about: "Serves every bundle of a folder or of berth.json over HTTP, until SIGTERM or Ctrl-C.",
  operands: "[folder|berth.json|name]",
  notes:
    "A name serves one of the bundles that lie beside this program, as a container image has them: the process becomes that\nserver, with its own options, and with no jail around it.",
  options: {
    host: {
      value: "<address>",
      about: "The address to listen on [env: BERTH_HOST] (default: 127.0.0.1)",
    },
    port: {
      value: "<number>",
      about: "The port to listen on; 0 takes a free one [env: BERTH_PORT] (default: 8080)",
    },
    insecure: {
      about:
        "Listens on an address that others reach although nobody is asked for a token; without it, set BERTH_TOKEN or auth in berth.json.",
    },
  },
  examples: ["berth serve", "berth serve ./bundles --port 9000", "berth serve customer"],
  async run(input, io) {
    const [path] = input.operands;
    const port = input.text("port");
    if (port !== undefined && !(/^\d+$/.test(port) && Number(port) <= portLimit)) {
      throw new AppError(
        "usage",
        `Cannot run berth serve: --port is ${JSON.stringify(port)}; expected 0 to ${portLimit}`,
      );
    }
    checkServable(path, io);
    const env = withFlags(io, { BERTH_HOST: input.text("host"), BERTH_PORT: port });
    const config = readConfig({ path, env, cwd: io.cwd });
    const access = openAccess(config, env);
    checkExposure(config.listen.host, access, input.isSet("insecure"));
    const log = createLogger("berth");
    // From here on: whoever has read the address may stop it at once.
    const asked = askedToStop();
    const launcher = await openLauncher({ config, env, log });
    const { berth, server } = await openOrClose(launcher, { config, env, log, access });
    io.print(JSON.stringify({ url: server.url, servers: [...berth.gateway.hosted.keys()] }));
    log.info({ url: server.url }, "listening");
    const failure = await Promise.race([asked, launcher.failed]);
    if (failure === undefined) log.info("stopping");
    else log.fatal({ reason: failure }, "cannot keep the jails as promised; stopping");
    await server.stop();
    await berth.close();
    await launcher.close();
    return failure === undefined ? 0 : 1;
  },
};

/** Whoever cannot serve leaves nothing running: what is left would keep this process from ending. */
async function openOrClose(
  launcher: Launcher,
  given: Omit<BerthOptions, "launch" | "usesOf" | "fileUsesOf">,
): Promise<{ berth: Berth; server: GatewayServer }> {
  const { launch, usesOf, fileUsesOf } = launcher;
  let berth: Berth | undefined;
  try {
    berth = new Berth({ ...given, launch, usesOf, fileUsesOf });
    return { berth, server: listenGateway(berth.gateway, given.config.listen) };
  } catch (error) {
    await berth?.gateway.close();
    await berth?.close();
    await launcher.close();
    throw error;
  }
}

/** A flag beats the environment, which beats the file. */
function withFlags(
  { env }: CommandIo,
  flags: Record<string, string | undefined>,
): CommandIo["env"] {
  const given = Object.entries(flags).filter(([, value]) => value !== undefined);
  return { ...env, ...Object.fromEntries(given) };
}

function askedToStop(): Promise<undefined> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
      process.once(signal, () => resolve(undefined));
  });
}
