import * as z from "zod";
import type { Command } from "../core/command.ts";
import { type ProgramContext, type Running, runProgram } from "../core/program.ts";
import { defineSettings, type Settings, type SettingValues, truth } from "../core/settings.ts";
import { createMux } from "../wire/mux.ts";
import { serveStdio } from "../wire/stdio.ts";
import { listTool } from "./listing.ts";
import { openPeer } from "./peer.ts";
import type { ServerDefinition } from "./server.ts";
import { type HttpDefaults, type HttpValues, httpSettings, listen } from "./transports.ts";

/** What a server's program can do beside serving. */
export interface ServeOptions {
  /** Commands for use by hand, for example `ocr-mcp read scan.pdf`. */
  commands?: readonly Command[];
}

/**
 * Runs a server as a program: reads flags and environment, opens what the tools need, and serves them on the transport
 * that was asked for until stdin ends or a signal comes.
 */
export function serve<S extends Settings, Deps>(
  server: ServerDefinition<S, Deps>,
  { commands }: ServeOptions = {},
): Promise<void> {
  const settings = { ...server.settings, ...commonSettings(server.http) };
  return runProgram({
    name: server.binary,
    about: server.about,
    settings,
    examples: server.examples,
    ...(commands && { commands }),
    manifest: () => ({ title: server.title, tools: server.tools.map(listTool) }),
    // The table above holds both groups of settings; the compiler cannot see that through the generic `S`.
    start: (values, context) =>
      start(server, values as unknown as SettingValues<S> & CommonValues, context),
  });
}

type Transport = "stdio" | "http" | "sse";

interface CommonValues extends HttpValues {
  readonly transport: Transport;
  readonly readOnly: boolean;
}

/** The settings that every server has, beside its own. */
function commonSettings(http: HttpDefaults) {
  return defineSettings({
    transport: {
      flag: "transport",
      env: ["MCP_TRANSPORT"],
      parse: z.enum(["stdio", "http", "sse"]) as z.ZodType<Transport, string>,
      expected: "stdio, http or sse",
      default: "stdio",
      about: "How clients reach it; http and sse both serve /mcp and /sse",
    },
    readOnly: {
      flag: "read-only",
      env: ["MCP_READ_ONLY"],
      parse: truth,
      expected: "true or false",
      default: "false",
      isSwitch: true,
      about: "Leaves out the tools that write",
    },
    ...httpSettings(http),
  });
}

async function start<S extends Settings, Deps>(
  server: ServerDefinition<S, Deps>,
  values: SettingValues<S> & CommonValues,
  { log }: ProgramContext,
): Promise<Running> {
  const deps = await server.open(values, log);
  const tools = values.readOnly
    ? server.tools.filter(({ effect }) => effect === "read")
    : server.tools;
  const { name, title, instructions, failures } = server;
  const peer = openPeer({ name, title, instructions, failures, tools, deps, log });
  const mux = createMux(peer, { log });
  const checkReady = async () => ({ isReady: (await server.isReady?.(deps)) ?? true });
  const running: Running =
    values.transport === "stdio"
      ? serveStdio({ mux, log })
      : listen(mux, values, { log, checkReady });
  return {
    ...(running.ended && { ended: running.ended }),
    stop: async (reason) => {
      await running.stop(reason);
      await mux.close();
      await server.close?.(deps);
    },
  };
}
