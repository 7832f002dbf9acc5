import { realpathSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { AppError } from "../core/fault.ts";
import { coversNetEntry, formatNetEntry, parseNetEntry } from "./net-entry.ts";
import { deniedRule, type Permissions, permissionKinds, type Rule } from "./permissions.ts";

export type PermissionKind = keyof Permissions;

/** What the entries of permissions are relative to. */
export interface GrantContext {
  /** The folder that relative paths start from. */
  base: string;
  /** The folders in which programs are looked up, as in PATH. */
  path: string;
}

const environmentName = /^[A-Za-z_][A-Za-z0-9_]*\*?$/;

/**
 * Puts every entry into its one form: paths absolute with symlinks resolved, hosts in lower case,
 * programs as their files.
 * @throws AppError `invalid_config` for an entry that is none.
 */
export function normalizePermissions(given: Permissions, context: GrantContext): Permissions {
  const forms: Record<PermissionKind, (entry: string) => string> = {
    read: (entry) => realPath(resolve(context.base, entry)),
    write: (entry) => realPath(resolve(context.base, entry)),
    net: (entry) => formatNetEntry(parseNetEntry(entry)),
    env: environmentEntry,
    run: (entry) => programPath(entry, context),
  };
  return mapRules((kind) => {
    const { allow, deny, isDenied } = given[kind];
    if (isDenied) return deniedRule;
    const all = (entries: readonly string[]) => [...new Set(entries.map(forms[kind]))];
    return { allow: allow === true ? true : all(allow), deny: all(deny) };
  });
}

/**
 * What runs: what the bundle asks for as far as the operator grants it. Both are normalised; a deny
 * of either side wins.
 * @throws AppError `invalid_config` for a deny that the kernel cannot enforce.
 */
export function effectivePermissions(asked: Permissions, granted: Permissions): Permissions {
  return mapRules((kind) =>
    settle(kind, {
      allow: intersect(kind, asked[kind].allow, granted[kind].allow),
      deny: [...new Set([...asked[kind].deny, ...granted[kind].deny])],
    }),
  );
}

/** Permissions, and the folder that their relative paths start from. */
export interface BasedPermissions {
  permissions: Permissions;
  base: string;
}

/**
 * What runs, from what was written down: by the bundle, from its folder, and by the operator, from the configuration's.
 * @param path The folders in which programs are looked up, as in PATH.
 */
export function settledPermissions(
  asked: BasedPermissions,
  granted: BasedPermissions,
  path = "",
): Permissions {
  return effectivePermissions(
    normalizePermissions(asked.permissions, { base: asked.base, path }),
    normalizePermissions(granted.permissions, { base: granted.base, path }),
  );
}

/** True when `outer` allows everything that the entry `inner` names. */
export function covers(kind: PermissionKind, outer: string, inner: string): boolean {
  if (kind === "net") return coversNetEntry(parseNetEntry(outer), parseNetEntry(inner));
  if (kind === "env")
    return outer.endsWith("*") ? inner.startsWith(outer.slice(0, -1)) : outer === inner;
  if (kind === "run") return outer === inner;
  return outer === inner || inner.startsWith(outer.endsWith("/") ? outer : `${outer}/`);
}

/** True when the rule allows the entry and does not deny it. */
export function allows(kind: PermissionKind, rule: Rule, entry: string): boolean {
  if (rule.deny.some((denied) => covers(kind, denied, entry))) return false;
  return rule.allow === true || rule.allow.some((allowed) => covers(kind, allowed, entry));
}

/**
 * Applies denies where that is possible beforehand; those of net and env are applied when a host or
 * name comes up.
 */
function settle(kind: PermissionKind, rule: Rule): Rule {
  const { allow, deny } = rule;
  if (deny.length === 0 || kind === "env" || kind === "net") return rule;
  const isDenied = (entry: string) => deny.some((denied) => covers(kind, denied, entry));
  const kept = allow === true ? allow : allow.filter((entry) => !isDenied(entry));
  for (const denied of deny) {
    const around = kept === true ? kind : kept.find((entry) => covers(kind, entry, denied));
    if (around !== undefined) throw unenforceable(kind, denied, kept === true ? undefined : around);
  }
  return { allow: kept, deny: [] };
}

function unenforceable(kind: PermissionKind, denied: string, around: string | undefined): AppError {
  const where =
    around === undefined ? `everything else is allowed` : `it lies inside the allowed "${around}"`;
  return new AppError("invalid_config", `Cannot enforce --deny-${kind} "${denied}": ${where}`, {
    hint:
      kind === "run"
        ? "Allow the programs by name instead: --allow-run=git,tar"
        : `The kernel only adds rights: allow what lies beside it instead, as --allow-${kind}=${join(around ?? "/srv", "public")}`,
  });
}

function intersect(
  kind: PermissionKind,
  asked: Rule["allow"],
  granted: Rule["allow"],
): Rule["allow"] {
  if (asked === true) return granted;
  if (granted === true) return asked;
  const both = asked.flatMap((ask) =>
    granted.flatMap((grant) => {
      if (covers(kind, grant, ask)) return [ask];
      if (covers(kind, ask, grant)) return [grant];
      return kind === "net" ? narrowed(ask, grant) : [];
    }),
  );
  return [...new Set(both)];
}

/** `example.org` and `*.org:443` have `example.org:443` in common. */
function narrowed(ask: string, grant: string): string[] {
  const [a, b] = [parseNetEntry(ask), parseNetEntry(grant)];
  const port = a.port ?? b.port;
  if (a.port !== undefined && b.port !== undefined && a.port !== b.port) return [];
  const host = [a, b].find((entry) =>
    [a, b].every((other) =>
      coversNetEntry({ ...other, port: undefined }, { ...entry, port: undefined }),
    ),
  )?.host;
  return host === undefined ? [] : [formatNetEntry({ host, port })];
}

/** The path with the symlinks of its existing part resolved. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), path.slice(parent.length));
  }
}

function programPath(entry: string, { base, path }: GrantContext): string {
  if (entry.includes("/")) return realPath(resolve(base, entry));
  const found = Bun.which(entry, { PATH: path });
  // A program that is not there cannot be run; its name stays, so that it is shown as it was
  // written.
  return found && isAbsolute(found) ? realPath(found) : entry;
}

/** Whether it is a variable's name, or the start of names with `*` behind it. */
export function isEnvironmentEntry(entry: string): boolean {
  return environmentName.test(entry);
}

function environmentEntry(entry: string): string {
  if (isEnvironmentEntry(entry)) return entry;
  throw new AppError(
    "invalid_config",
    `Cannot read the env entry ${JSON.stringify(entry)}: not a variable's name`,
    { hint: "Write the name alone, as in --allow-env=LANG,AWS_*" },
  );
}

function mapRules(rule: (kind: PermissionKind) => Rule): Permissions {
  // `permissionKinds` is every key.
  return Object.fromEntries(
    permissionKinds.map((kind) => [kind, rule(kind)]),
  ) as unknown as Permissions;
}
