import { AppError } from "../core/fault.ts";
import {
  deniedRule,
  noPermissions,
  type Permissions,
  permissionKinds,
  type Rule,
} from "./permissions.ts";

const flagForm = /^--(allow|deny)-([a-z]+)(?:=(.*))?$/s;

/** One line for --help on each flag. */
export const permissionFlagsHelp: readonly (readonly [flag: string, about: string])[] = [
  ["--allow-read[=PATHS]", "Let it read files below these paths; without paths, any file"],
  ["--allow-write[=PATHS]", "Let it change files below these paths; without paths, any file"],
  [
    "--allow-net[=HOSTS]",
    "Let it reach host, host:port or *.suffix; without hosts, the whole network",
  ],
  [
    "--allow-env[=NAMES]",
    "Let it see these environment variables (AWS_* works); without names, all",
  ],
  [
    "--allow-run[=PROGRAMS]",
    "Let it start these programs, inside the same jail; without names, any",
  ],
  ["--deny-KIND[=ENTRIES]", "Take entries, or all of a kind, out of what is allowed; deny wins"],
  ["-A, --allow-all", "Allow everything above"],
];

/**
 * Takes Deno's permission flags out of arguments.
 * @throws AppError `usage` for a flag of this form with an unknown kind, or a list with an empty entry.
 */
export function parsePermissionFlags(argv: readonly string[]): {
  permissions: Permissions;
  rest: string[];
} {
  let permissions = noPermissions;
  const rest: string[] = [];
  for (const argument of argv) {
    const read = readFlag(argument, permissions);
    if (read) permissions = read;
    else rest.push(argument);
  }
  return { permissions, rest };
}

function readFlag(argument: string, before: Permissions): Permissions | undefined {
  if (argument === "-A" || argument === "--allow-all") {
    const all = permissionKinds.map((kind) => [kind, widen(before[kind], "allow", true)]);
    // `permissionKinds` is every key.
    return Object.fromEntries(all) as unknown as Permissions;
  }
  const [, effect, name, list] = flagForm.exec(argument) ?? [];
  if (effect === undefined || name === undefined) return undefined;
  const kind = permissionKinds.find((known) => known === name);
  if (!kind) throw usage(argument, `the kinds are ${permissionKinds.join(", ")}`);
  return { ...before, [kind]: widen(before[kind], effect, entriesOf(argument, list)) };
}

/** As in Deno, two commas are one that belongs to the entry. */
function entriesOf(argument: string, list: string | undefined): true | string[] {
  if (list === undefined) return true;
  const parts = list.replaceAll(",,", "\0").split(",");
  const entries = parts.map((entry) => entry.replaceAll("\0", ",").trim());
  if (entries.includes("")) throw usage(argument, "the list has an empty entry");
  return entries;
}

function widen(rule: Rule, effect: string, entries: true | string[]): Rule {
  if (rule.isDenied) return rule;
  if (effect === "deny")
    return entries === true ? deniedRule : { ...rule, deny: [...rule.deny, ...entries] };
  if (entries === true || rule.allow === true) return { ...rule, allow: true };
  return { ...rule, allow: [...rule.allow, ...entries] };
}

function usage(argument: string, state: string): AppError {
  return new AppError("usage", `Cannot read the argument "${argument}": ${state}`, {
    hint: "Write --allow-read=/srv/data,/tmp/in or --allow-net=api.example.org:443",
  });
}
