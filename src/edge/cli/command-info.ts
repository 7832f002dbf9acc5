import type { ConfigText } from "../config.ts";
import type { Config } from "../config-file.ts";
import { explainPermissions } from "../explain.ts";
import { noPermissions, type Permissions } from "../permissions.ts";
import type { ServerEntry } from "../servers.ts";
import { permissionLines, section } from "./describe.ts";
import { type Effective, effectiveOf } from "./effective.ts";

/** What is known of a command of berth.json before anybody runs it. */
export interface CommandInfo extends Effective {
  name: string;
  kind: "command";
  /** Program and arguments as berth.json has them: what comes from the environment or a file stays unread. */
  command: readonly ConfigText[];
  /** The names of the variables that it is given. */
  variables: readonly string[];
  grants: Permissions;
}

export function readCommand(
  { name, config: server }: ServerEntry,
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): CommandInfo {
  const { command = "", args = [], env: given = {}, permissions: grants = noPermissions } = server;
  return {
    name,
    kind: "command",
    command: [command, ...args],
    variables: Object.keys(given),
    grants,
    ...effectiveOf({ name, config: server, folder: null }, config, env),
  };
}

/** The text of `berth info` for a command. */
export function describeCommand(info: CommandInfo): string {
  const words = info.command.map((word) =>
    typeof word === "string" ? word : `(the content of ${word.file})`,
  );
  const parts = [
    `${info.name}, a command of berth.json`,
    section("Runs", [words.join(" ")]),
    info.variables.length === 0 ? "" : section("Is given", [info.variables.join(", ")]),
    section("Is granted", permissionLines(info.grants)),
    info.effective === null
      ? ""
      : section("May do", explainPermissions(info.effective, "its program")),
    info.problem === null ? "" : section("Cannot be started yet", [info.problem]),
  ];
  return parts.filter(Boolean).join("\n\n");
}
