import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { AppError } from "../core/fault.ts";
import { Secret } from "../core/secret.ts";
import type { ConfigText } from "./config.ts";
import type { Text } from "./text.ts";

/** What the texts of a configuration may refer to. */
export interface TextSources {
  env: Readonly<Record<string, string | undefined>>;
  /** Where relative file names start. */
  folder: string;
}

/** A token or key; larger files are not what was meant. */
const secretBytesLimit = 64 * 1024;
const reference = /\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * Resolves a text of berth.json. What comes from the environment or from a file is a Secret. `at` is its JSON path, which
 * a refusal names.
 */
export function resolveText(text: ConfigText, at: string, { env, folder }: TextSources): Text {
  if (typeof text !== "string") return readSecret(resolve(folder, text.file), at);
  let isSecret = false;
  const filled = text.replace(reference, (_, name: string) => {
    const value = env[name];
    if (value === undefined || value === "") {
      throw new AppError(
        "invalid_config",
        `Cannot resolve ${at}: the environment variable ${name} is not set`,
        {
          hint: `Set ${name}, or write {"file": "<path>"} in berth.json instead.`,
        },
      );
    }
    isSecret = true;
    return value;
  });
  return isSecret ? new Secret(filled) : filled;
}

function readSecret(file: string, at: string): Secret {
  let data: Buffer;
  try {
    data = readFileSync(file);
  } catch (cause) {
    throw new AppError(
      "invalid_config",
      `Cannot resolve ${at}: the file ${JSON.stringify(file)} is not readable`,
      {
        hint: "Mount the file, or correct its path; a relative one starts from berth.json's folder.",
        cause,
      },
    );
  }
  if (data.length > secretBytesLimit) {
    throw new AppError(
      "invalid_config",
      `Cannot resolve ${at}: the file ${JSON.stringify(file)} has more than 64 KiB`,
    );
  }
  // Editors and `echo` end a file with a newline, which is no part of a token.
  return new Secret(data.toString("utf8").replace(/\r?\n$/, ""));
}
