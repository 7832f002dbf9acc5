import { AppError } from "../../core/fault.ts";
import { resolveText } from "../config-text.ts";
import type { Text } from "../text.ts";
import type { UserValue } from "../user-config.ts";
import type { CommandIo } from "./command.ts";

/** The settings of a bundle as a command line gives them. */
export type Settings = Readonly<Record<string, string | string[]>>;

/** `--set key=value`; a key that comes more than once is a list. */
export function readSettings(texts: readonly string[]): Settings {
  const settings = new Map<string, string[]>();
  for (const text of texts) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (key === undefined || value === undefined) {
      throw new AppError(
        "usage",
        `Cannot run berth run: --set is ${JSON.stringify(text)}; expected key=value`,
      );
    }
    settings.set(key, [...(settings.get(key) ?? []), value]);
  }
  const entries = [...settings].map(
    ([key, values]) => [key, values.length > 1 ? values : (values[0] ?? "")] as const,
  );
  return Object.fromEntries(entries);
}

/** Fills `${env:NAME}` in; what comes from there is never printed. */
export function resolveSettings(settings: Settings, io: CommandIo): Record<string, UserValue> {
  const resolve = (text: string, key: string): Text =>
    resolveText(text, `--set ${key}`, { env: io.env, folder: io.cwd });
  const resolved = Object.entries(settings).map(([key, value]) => {
    const one =
      typeof value === "string" ? resolve(value, key) : value.map((text) => resolve(text, key));
    return [key, one] as const;
  });
  return Object.fromEntries(resolved);
}
