import { isAbsolute, resolve } from "node:path";
import { AppError } from "../core/fault.ts";
import { Secret } from "../core/secret.ts";
import type { Manifest, UserOption } from "./manifest.ts";
import { revealText, type Text } from "./text.ts";
import { fillText, type Variables } from "./variables.ts";

/** What an operator may set an option to. */
export type UserValue = string | number | boolean | Secret | readonly (string | Secret)[];

/** The value of each option of a manifest; undefined for one that is neither set nor has a default. */
export type UserValues = Map<string, Text | readonly Text[] | undefined>;

/**
 * Resolves a manifest's `user_config` against the operator's values. A required option has to be set by the operator:
 * its default is a suggestion for a form, and counts as missing.
 * @throws AppError `invalid_config` that names every missing option at once, or the one with the wrong value.
 */
export function resolveUserConfig(
  manifest: Manifest,
  given: Readonly<Record<string, UserValue>>,
  variables: Variables,
): UserValues {
  const options = manifest.user_config ?? {};
  const refuse = (message: string, hint: string) =>
    new AppError("invalid_config", `Cannot open the bundle "${manifest.name}": ${message}`, {
      hint,
    });
  const known = Object.keys(options);
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw refuse(
      `userConfig.${unknown} is no setting of it`,
      `It takes ${known.join(", ") || "no settings"}.`,
    );
  }
  const missing = known.filter((key) => options[key]?.required && isMissing(given[key]));
  if (missing.length > 0) {
    const list = missing.map((key) => `${key} (${options[key]?.title})`).join(", ");
    throw refuse(
      `${list} not set`,
      `Set userConfig.${missing[0]} of this server in berth.json, or give berth run --set ${missing[0]}=<value>; a default of the manifest does not count.`,
    );
  }
  const values: UserValues = new Map();
  for (const [key, option] of Object.entries(options)) {
    const value = isMissing(given[key]) ? defaultOf(option, variables) : given[key];
    // Manifests write `"default": ""` for "not set", also where an empty text is no value.
    const isUnset = value === undefined || (value === "" && option.type !== "string");
    const resolved = isUnset ? undefined : resolveOption(option, value);
    if (resolved instanceof Mismatch) {
      throw refuse(
        `userConfig.${key} is ${resolved.found}; expected ${resolved.expected}`,
        option.description,
      );
    }
    values.set(key, resolved);
  }
  return values;
}

/**
 * The operator's values with the relative paths among them, of directories and files, made absolute.
 * @param base The folder that they start from.
 */
export function anchorPaths(
  manifest: Manifest,
  given: Readonly<Record<string, UserValue>>,
  base: string,
): Record<string, UserValue> {
  const anchor = (value: string | Secret): string | Secret => {
    const text = revealText(value);
    // An empty text is a setting that is not set; what has a scheme is no path.
    if (text === "" || /^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return value;
    return value instanceof Secret ? new Secret(resolve(base, text)) : resolve(base, text);
  };
  const anchored = Object.entries(given).map(([key, value]) => {
    const { type } = manifest.user_config?.[key] ?? {};
    if (type !== "directory" && type !== "file") return [key, value] as const;
    if (typeof value === "string" || value instanceof Secret) return [key, anchor(value)] as const;
    return [key, Array.isArray(value) ? value.map(anchor) : value] as const;
  });
  return Object.fromEntries(anchored);
}

/** Why a value does not fit; a sensitive one is not shown. */
class Mismatch {
  readonly found: string;
  readonly expected: string;
  constructor(found: string, expected: string) {
    this.found = found;
    this.expected = expected;
  }
}

function isMissing(value: UserValue | undefined): boolean {
  if (Array.isArray(value)) return value.length === 0 || value.some((part) => isMissing(part));
  return value === undefined || (value instanceof Secret ? value.reveal() === "" : value === "");
}

function defaultOf(option: UserOption, variables: Variables): UserValue | undefined {
  const fill = (text: string) => fillText(text, variables) ?? "";
  if (typeof option.default === "string") return fill(option.default);
  if (Array.isArray(option.default)) return option.default.map(fill);
  return option.default;
}

function resolveOption(option: UserOption, value: UserValue): Text | readonly Text[] | Mismatch {
  if (!Array.isArray(value))
    return resolveOne(option, value as Exclude<UserValue, readonly unknown[]>);
  if (!option.multiple) return new Mismatch(`a list of ${value.length}`, `one ${option.type}`);
  const parts: Text[] = [];
  for (const part of value) {
    const resolved = resolveOne(option, part);
    if (resolved instanceof Mismatch) return resolved;
    parts.push(resolved);
  }
  return parts;
}

function resolveOne(
  option: UserOption,
  value: string | number | boolean | Secret,
): Text | Mismatch {
  const isHidden = option.sensitive || value instanceof Secret;
  const text = value instanceof Secret ? value.reveal() : String(value);
  const expected = expectation(option);
  if (!fits(option, value, text))
    return new Mismatch(isHidden ? "***" : JSON.stringify(value), expected);
  return isHidden ? new Secret(text) : text;
}

function fits(option: UserOption, value: UserValue, text: string): boolean {
  switch (option.type) {
    case "string":
      return typeof value === "string" || value instanceof Secret;
    case "boolean":
      return text === "true" || text === "false";
    case "number": {
      const number = Number(text);
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = option;
      return typeof value !== "boolean" && /\d/.test(text) && number >= min && number <= max;
    }
    case "directory":
    case "file":
      return isAbsolute(revealText(value as Text)) && !text.includes("\0");
  }
}

function expectation(option: UserOption): string {
  if (option.type === "string") return "a text";
  if (option.type === "boolean") return "true or false";
  if (option.type !== "number") return `the absolute path of a ${option.type}`;
  const bounds = [
    option.min === undefined ? "" : ` of at least ${option.min}`,
    option.max === undefined ? "" : ` of at most ${option.max}`,
  ];
  return `a number${bounds.filter(Boolean).join(" and")}`;
}
