import * as z from "zod";

/**
 * One kind of permission, as in Deno: `allow` is true for everything, or a list; `deny` wins over it. An absent or empty
 * rule allows nothing.
 */
export interface Rule {
  readonly allow: true | readonly string[];
  readonly deny: readonly string[];
  /** All of its kind is denied, whatever else is said: nobody is asked for it either. */
  readonly isDenied?: true;
}

/** The rule that denies all of its kind. */
export const deniedRule: Rule = { allow: [], deny: [], isDenied: true };

/** What a bundle may do. Paths are absolute; net entries are `host` or `host:port`; env and run entries are names. */
export interface Permissions {
  readonly read: Rule;
  readonly write: Rule;
  readonly net: Rule;
  readonly env: Rule;
  readonly run: Rule;
}

/** The kinds of permission, in the order in which they are shown. */
export const permissionKinds: readonly (keyof Permissions)[] = [
  "read",
  "write",
  "net",
  "env",
  "run",
];

const entries = z.union([z.literal(true), z.array(z.string().min(1).max(4096)).max(256)]);
const rule = z
  .union([entries, z.strictObject({ allow: entries.default([]), deny: entries.default([]) })], {
    error: 'expected true, a list of texts, or {"allow": …, "deny": …} of these',
  })
  .transform((value): Rule => {
    if (value === true || Array.isArray(value)) return { allow: value, deny: [] };
    const { allow, deny } = value;
    return deny === true ? deniedRule : { allow, deny };
  });
const nothing: Rule = { allow: [], deny: [] };

/**
 * How permissions are written in a manifest's `_meta` and in berth.json: `{"net": ["api.example:443"], "read": true}`,
 * or with `{"allow": …, "deny": …}` in the place of a list. `"deny": true` denies all of the kind.
 */
export const permissionsSchema: z.ZodType<Permissions> = z.strictObject({
  read: rule.default(nothing),
  write: rule.default(nothing),
  net: rule.default(nothing),
  env: rule.default(nothing),
  run: rule.default(nothing),
});

/** Deny by default: nothing at all. */
export const noPermissions: Permissions = {
  read: nothing,
  write: nothing,
  net: nothing,
  env: nothing,
  run: nothing,
};
