import { AppError } from "../../core/fault.ts";
import { inspectBundle } from "../bundle.ts";
import { type Config, readConfig } from "../config-file.ts";
import { listServers, type ServerEntry } from "../servers.ts";
import { type Command, type CommandIo, configOption, jsonOption, noOperand } from "./command.ts";
import { effectiveOf } from "./effective.ts";
import { tableText } from "./words.ts";

/** One server as `berth list --json` shows it. */
interface ListedServer {
  name: string;
  /** null when its manifest cannot be read. */
  kind: "node" | "binary" | "python" | "command" | null;
  version: string | null;
  /** `ready`: intact; `unpinned`: a folder that was not installed; `incomplete` and `broken`: see problem. */
  state: "ready" | "unpinned" | "disabled" | "incomplete" | "broken";
  folder: string | null;
  sha256: string | null;
  problem: string | null;
}

export const listCommand: Command = {
  name: "list",
  about:
    "Lists the servers of berth.json and of its bundle folder, and checks each bundle against its pin and its settings. Ends with 1 when one of them cannot start.",
  operands: "",
  options: { ...configOption, ...jsonOption },
  examples: ["berth list", "berth list --config ./bundles --json"],
  run(input, io) {
    noOperand(listCommand, input, "Name the configuration with --config <path>.");
    const config = readConfig({ path: input.text("config"), env: io.env, cwd: io.cwd });
    const servers = listServers(config).map((entry) => look(entry, config, io));
    if (input.isSet("json")) {
      io.print(JSON.stringify({ servers }));
    } else if (servers.length === 0) {
      io.print("No servers. Install one with: berth add <file.mcpb>");
    } else {
      io.print(tableText([["NAME", "KIND", "VERSION", "STATE"], ...servers.map(rowOf)]));
      for (const { name, problem } of servers)
        if (problem !== null) io.complain(`${name}: ${problem}`);
    }
    // What was meant to run and cannot: `berth list && berth serve` stops here.
    return servers.some(({ problem }) => problem !== null) ? 1 : 0;
  },
};

function look(entry: ServerEntry, config: Config, io: CommandIo): ListedServer {
  const found = inspect(entry);
  if (found.state === "disabled" || found.state === "broken") return found;
  // It is as it was installed, and cannot start: a setting, a secret or a program is missing, or a deny cannot be kept.
  const { problem } = effectiveOf(entry, config, io.env);
  return problem === null ? found : { ...found, state: "incomplete", problem };
}

function inspect({ name, config, folder }: ServerEntry): ListedServer {
  const nothing = { version: null, sha256: null, problem: null };
  if (folder === null) {
    return {
      name,
      kind: "command",
      state: config.disabled ? "disabled" : "ready",
      folder,
      ...nothing,
    };
  }
  try {
    const { manifest, sha256, lock } = inspectBundle(folder);
    const kind = manifest.server.type;
    const intact = lock === null ? "unpinned" : "ready";
    const state = config.disabled ? "disabled" : intact;
    return { name, kind, version: manifest.version, state, folder, sha256, problem: null };
  } catch (error) {
    // One bad bundle must not hide the others.
    if (!(error instanceof AppError)) throw error;
    const unknown = { name, kind: null, folder, ...nothing };
    if (config.disabled) return { ...unknown, state: "disabled" };
    return { ...unknown, state: "broken", problem: error.message };
  }
}

function rowOf({ name, kind, version, state }: ListedServer): string[] {
  return [name, kind ?? "?", version ?? "-", state];
}
