import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { AppError } from "../../core/fault.ts";
import { createLogger } from "../../core/log.ts";
import { askForGrants, missingGrants, type Prompter, refusalOf } from "../ask.ts";
import { type Bundle, openBundle, openCommand } from "../bundle.ts";
import type { ToolFilter } from "../config.ts";
import { readConfig } from "../config-file.ts";
import { limitsOf, openAudit } from "../config-parts.ts";
import { parsePermissionFlags, permissionFlagsHelp } from "../flags.ts";
import { normalizePermissions } from "../grants.ts";
import { thisHost } from "../host.ts";
import type { Refusal } from "../jail/refusal.ts";
import { openLauncher } from "../launcher.ts";
import type { Permissions } from "../permissions.ts";
import type { PoolLimits } from "../pool-limits.ts";
import { hintOfRefusals } from "../refusal-hint.ts";
import { runOnStdio } from "../run.ts";
import { checkSigned, listServers, openServer } from "../servers.ts";
import type { CallPolicy } from "../stdio-caller.ts";
import { openTerminal } from "../terminal.ts";
import {
  type Command,
  type CommandInput,
  type CommandIo,
  configOption,
  type OptionText,
} from "./command.ts";
import { readSettings, resolveSettings } from "./settings.ts";

/** Where the permission flags wait until they are read: node:util has no options with and without a value. */
const grantOption = "grant";

export const runCommand: Command = {
  name: "run",
  about:
    "Runs one bundle or command as an MCP server on stdio, with only the permissions that are granted.",
  operands: "<name | folder | command> [argument...]",
  notes:
    "What it may do is what the flags grant; without one, what berth.json grants. A server that asks for more is refused, or asked\nabout where somebody is at a terminal. The limits, the tool filter and the audit log of berth.json hold as in berth serve.\nOptions of the server itself come after --.",
  options: {
    [grantOption]: {
      value: "<flag>",
      isMultiple: true,
      isHidden: true,
      about: "One of the permission flags, without its dashes",
    },
    ...helpOfFlags(),
    set: {
      value: "<key=value>",
      isMultiple: true,
      about:
        "A setting of the bundle, before that of berth.json; ${env:NAME} stands for a variable",
    },
    mode: {
      value: "<mode>",
      about:
        "enforce refuses what this kernel cannot confine; best-effort says what it does not (default: enforce)",
    },
    ...configOption,
  },
  examples: [
    "berth run customer-mcp --set customer_api_base_url=http://localhost:8081 --allow-net=localhost:8081",
    "berth run --allow-read -- bun ./server.js",
  ],
  passesOptionsOn: true,
  rewrite: gatherFlags,
  async run(input, io) {
    const config = readConfig({ path: input.text("config"), env: io.env, cwd: io.cwd });
    const { bundle, granted, limits, filter } = find(input, io, config);
    const permissions = await settleGrants(bundle, granted, io);
    const log = createLogger("berth", "warn");
    const mode = modeOf(input.text("mode") ?? config.mode);
    const audit = openAudit(config, log);
    const policy: CallPolicy = { filter, onCall: (record) => audit?.record(bundle.name, record) };
    const launcher = await openLauncher({
      config: { ...config, folder: io.cwd, mode },
      env: io.env,
      log,
    });
    const given = { permissions, tempLimitBytes: limits.tempLimitBytes };
    let refusal: AppError | undefined;
    const prepare = async () =>
      launcher.launch(bundle, given).catch((error: unknown) => {
        if (error instanceof AppError) refusal = error;
        throw error;
      });
    const refusals: Refusal[] = [];
    const reason = await runOnStdio({
      ...{ name: bundle.name, prepare, limits, log, policy, failed: launcher.failed },
      onBlocked: (one) => refusals.push(one),
    }).finally(async () => {
      // What the server was refused last comes until then.
      await launcher.close();
      audit?.close();
    });
    if (reason === undefined) return 0;
    // Said as it was refused, with its hint and its exit code.
    if (refusal?.message === reason) throw refusal;
    io.complain(`Cannot run "${bundle.name}": ${reason}`);
    const hint = hintOfRefusals(refusals);
    if (hint !== undefined) io.complain(`hint: ${hint}`);
    return 1;
  },
};

/** `--allow-read=/srv` becomes `--grant=allow-read=/srv`; what comes after `--` belongs to the server. */
function gatherFlags(argv: readonly string[]): string[] {
  const end = argv.indexOf("--");
  const own = end < 0 ? argv : argv.slice(0, end);
  const gathered = own.map((argument) => {
    if (argument === "-A") return `--${grantOption}=allow-all`;
    return /^--(allow|deny)-/.test(argument) ? `--${grantOption}=${argument.slice(2)}` : argument;
  });
  return [...gathered, ...(end < 0 ? [] : argv.slice(end))];
}

function helpOfFlags(): Record<string, OptionText> {
  const entries = permissionFlagsHelp.map(
    ([flag, about]) => [flag.replace(/^.*--/, ""), { about }] as const,
  );
  return Object.fromEntries(entries);
}

/** What is to be run, and what berth.json says of it. */
interface Found {
  bundle: Bundle;
  granted: Permissions;
  limits: PoolLimits;
  filter?: ToolFilter | undefined;
}

/** A server of the configuration with what berth.json grants it, a bundle folder, or a command line. */
function find(input: CommandInput, io: CommandIo, config: ReturnType<typeof readConfig>): Found {
  const [word, ...args] = input.operands;
  if (word === undefined) {
    throw new AppError("usage", "Cannot run berth run: expected a name, a folder or a command", {
      hint: "See berth run --help.",
    });
  }
  const settings = readSettings(input.texts("set"));
  const flags = input.texts(grantOption).map((flag) => `--${flag}`);
  const { permissions } = parsePermissionFlags(flags);
  const entry = listServers(config).find(({ name }) => name === word);
  if (entry !== undefined) {
    const userConfig = { ...entry.config.userConfig, ...settings };
    const server = { ...entry, config: { ...entry.config, userConfig } };
    const bundle = openServer(server, config, { env: io.env });
    const granted = flags.length > 0 ? permissions : (entry.config.permissions ?? permissions);
    const limits = limitsOf(config, entry);
    return { bundle: withArguments(bundle, args), granted, limits, filter: entry.config.tools };
  }
  const limits = limitsOf(config, { name: word, config: {}, folder: null });
  const path = resolve(io.cwd, word);
  const host = thisHost(io.env.PATH);
  const state = existsSync(path) ? statSync(path) : undefined;
  if (state?.isDirectory()) {
    const bundle = openBundle(path, {
      userConfig: resolveSettings(settings, io),
      settingsBase: io.cwd,
      host,
    });
    checkSigned(bundle, config);
    return { bundle: withArguments(bundle, args), granted: permissions, limits };
  }
  if (word.endsWith(".mcpb")) {
    throw new AppError("usage", `Cannot run ${JSON.stringify(word)}: it is not installed`, {
      hint: `Install it with \`berth add ${word}\`, then run it by its name.`,
    });
  }
  const [setting] = Object.keys(settings);
  if (setting !== undefined) {
    throw new AppError(
      "usage",
      `Cannot set ${JSON.stringify(setting)}: ${JSON.stringify(word)} is no bundle`,
      {
        hint: "Give a command its settings as arguments.",
      },
    );
  }
  const hint =
    "Name a server of `berth list`, the folder of a bundle, or a program: on PATH, or by its path.";
  const line = { command: word, args, env: {}, cwd: io.cwd, hint };
  return { bundle: openCommand(word, line, host), granted: permissions, limits };
}

function withArguments(bundle: Bundle, args: readonly string[]): Bundle {
  return { ...bundle, command: [...bundle.command, ...args] };
}

/** Asks on a terminal for what a bundle wants and was not granted; refuses where nobody can be asked. */
async function settleGrants(
  bundle: Bundle,
  granted: Permissions,
  io: CommandIo,
): Promise<Permissions> {
  // Who says nothing about permissions gets what was granted, and is refused the rest when it tries.
  if (!bundle.hasAsks) return granted;
  const path = io.env.PATH ?? "";
  const asked = normalizePermissions(bundle.asks, { base: bundle.folder, path });
  const given = normalizePermissions(granted, { base: io.cwd, path });
  const missing = missingGrants(asked, given);
  if (missing.length === 0) return granted;
  const terminal: Prompter | undefined = openTerminal();
  const refusal = refusalOf(bundle.name, missing);
  if (terminal === undefined && refusal !== undefined) throw refusal;
  if (terminal === undefined) return given;
  return askForGrants(bundle.name, { asked, granted: given }, terminal);
}

function modeOf(text: string): "enforce" | "best-effort" {
  if (text === "enforce" || text === "best-effort") return text;
  throw new AppError(
    "usage",
    `Cannot run berth run: --mode is ${JSON.stringify(text)}; expected enforce or best-effort`,
  );
}
