import * as z from "zod";
import { AppError } from "./fault.ts";
import { Secret } from "./secret.ts";

/** One setting of a program: where it may come from, what it may be and what it is for. */
export interface Setting<Value = unknown> {
  /** The command-line flag without its dashes; absent when only the environment sets it. */
  flag?: string;
  /** Environment variables, the first that is set wins. */
  env?: readonly string[];
  /** Parses the text of the flag or variable. */
  parse: z.ZodType<Value, string>;
  /** What the text must be, in words that follow "expected". */
  expected: string;
  /** The text that counts when neither flag nor variable is set; without it the setting is required. */
  default?: string;
  /** True for a flag that takes no value: its presence is the text "true". */
  isSwitch?: boolean;
  /** One line for --help. */
  about: string;
}

/** A program's settings by name. */
export type Settings = Record<string, Setting>;

/** The parsed values of settings. */
export type SettingValues<S extends Settings> = {
  readonly [Name in keyof S]: S[Name] extends Setting<infer Value> ? Value : never;
};

/** Keeps the value's type while checking the shape of a table of settings. */
export function defineSettings<S extends Settings>(settings: S): S {
  return settings;
}

/** Where the texts come from; tests hand in their own and never touch the process. */
export interface SettingSources {
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
}

/** An absolute http or https address without query and fragment; trailing slashes are dropped. */
export const httpUrl: z.ZodType<string, string> = z
  .string()
  .refine(isBaseUrl)
  .transform((text) => text.replace(/\/+$/, ""));

function isBaseUrl(text: string): boolean {
  // Paths are appended, so nothing may come after the path.
  if (!URL.canParse(text) || /[?#]/.test(text)) return false;
  return /^https?:$/.test(new URL(text).protocol);
}

/** A TCP port; 0 asks the system for a free one. */
export const port: z.ZodType<number, string> = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((number) => number <= 65535);

/** A whole number of at least `least`. */
export function wholeNumber(least: number): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .refine((number) => number >= least);
}

/** true or false, also 1 or 0. */
export const truth: z.ZodType<boolean, string> = z
  .enum(["true", "false", "1", "0"])
  .transform((text) => text === "true" || text === "1");

/** A comma-separated list; blanks around the parts are dropped, and so are empty parts. */
export const list: z.ZodType<readonly string[], string> = z.string().transform((text) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== ""),
);

/** A text that is never printed; an empty one counts as not given. */
export const optionalSecret: z.ZodType<Secret | undefined, string> = z
  .string()
  .transform((text) => (text === "" ? undefined : new Secret(text)));

/**
 * Reads settings once: flag beats environment beats default. The result is frozen.
 * @throws AppError `usage` for an unknown flag or a flag without its value, `invalid_config` for a bad or missing value.
 */
export function readSettings<S extends Settings>(
  settings: S,
  sources: SettingSources,
): SettingValues<S> {
  const flags = readFlags(settings, sources.argv);
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(settings)) {
    values[name] = readSetting(setting, flags, sources.env);
  }
  // The loop has put one parsed value under each key of `settings`.
  return Object.freeze(values) as SettingValues<S>;
}

function readSetting(
  setting: Setting,
  flags: ReadonlyMap<string, string>,
  env: SettingSources["env"],
): unknown {
  const found = findText(setting, flags, env);
  if (found === undefined) {
    throw new AppError(
      "invalid_config",
      `Cannot start: ${nameOf(setting)} is not set; expected ${setting.expected}`,
      {
        hint: `Set ${nameOf(setting)}: ${setting.about}.`,
      },
    );
  }
  const parsed = setting.parse.safeParse(found.text);
  if (parsed.success) return parsed.data;
  throw new AppError(
    "invalid_config",
    `Cannot start: ${found.from} is ${quote(found.text)}; expected ${setting.expected}`,
    { hint: `Correct ${found.from}: ${setting.about}.` },
  );
}

/** A refused value as the message shows it; the user and password of an address are left out. */
function quote(text: string): string {
  return JSON.stringify(text.replace(/\/\/[^/]*@/, "//***@"));
}

function findText(
  setting: Setting,
  flags: ReadonlyMap<string, string>,
  env: SettingSources["env"],
): { from: string; text: string } | undefined {
  const flag = setting.flag === undefined ? undefined : flags.get(setting.flag);
  if (flag !== undefined) return { from: `--${setting.flag}`, text: flag };
  for (const name of setting.env ?? []) {
    const text = env[name];
    // An empty variable counts as unset: charts and compose files render absent values that way.
    if (text !== undefined && text !== "") return { from: name, text };
  }
  if (setting.default === undefined) return undefined;
  return { from: nameOf(setting), text: setting.default };
}

function nameOf(setting: Setting): string {
  return setting.env?.[0] ?? `--${setting.flag}`;
}

function readFlags(settings: Settings, argv: readonly string[]): Map<string, string> {
  const known = new Map(
    Object.values(settings).flatMap((setting) =>
      setting.flag ? [[setting.flag, setting] as const] : [],
    ),
  );
  const flags = new Map<string, string>();
  for (let index = 0; index < argv.length; index++) {
    const [name = "", inline] = splitFlag(argv[index] ?? "");
    const setting = known.get(name);
    if (setting === undefined) {
      throw new AppError(
        "usage",
        `Cannot read the argument ${JSON.stringify(argv[index])}: no such option`,
        {
          hint: "See --help for the options.",
        },
      );
    }
    const value = inline ?? (setting.isSwitch ? "true" : argv[++index]);
    if (value === undefined) {
      throw new AppError(
        "usage",
        `Cannot read --${name}: its value is missing; expected ${setting.expected}`,
      );
    }
    flags.set(name, value);
  }
  return flags;
}

function splitFlag(argument: string): [string | undefined, string | undefined] {
  const match = /^--([a-z][a-z0-9-]*)(?:=(.*))?$/s.exec(argument);
  return match ? [match[1], match[2]] : [undefined, undefined];
}

/** The options part of a help text: flag, environment names, default and purpose of each setting. */
export function describeSettings(settings: Settings): string {
  return Object.values(settings)
    .map((setting) => {
      const flag = setting.flag ? `--${setting.flag}${setting.isSwitch ? "" : " <value>"}` : "";
      const env = setting.env?.length ? `[env: ${setting.env.join(", ")}]` : "";
      const fallback =
        setting.default === undefined ? "(required)" : `(default: ${setting.default || "none"})`;
      return `  ${[flag, env].filter(Boolean).join("  ")}\n      ${setting.about} ${setting.isSwitch ? "" : fallback}`.trimEnd();
    })
    .join("\n");
}
