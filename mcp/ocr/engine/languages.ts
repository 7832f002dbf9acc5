import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import engData from "@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz" with {
  type: "file",
};
import fraData from "@tesseract.js-data/fra/4.0.0_best_int/fra.traineddata.gz" with {
  type: "file",
};
import { embeddedPath } from "../../../src/core/built.ts";
import { Refusal } from "./refusal.ts";

/** The languages inside the program. */
const embedded: Readonly<Record<string, string>> = { eng: engData, fra: fraData };

/** Two-letter codes and names that callers write. */
const aliases: Readonly<Record<string, string>> = {
  en: "eng",
  english: "eng",
  fr: "fra",
  fre: "fra",
  french: "fra",
  de: "deu",
  es: "spa",
  it: "ita",
  pt: "por",
  nl: "nld",
};

const dataFile = /^([a-z][a-z0-9_]{1,30})\.traineddata(\.gz)?$/i;

/** The languages that can be read: those inside the program and those of the folder, if one is given. */
export function listLanguages(folder: string): string[] {
  const names = folder === "" ? [] : readdirSync(folder);
  const found = names.filter((name) => isFilled(join(folder, name))).flatMap(codeOf);
  return [...new Set([...Object.keys(embedded), ...found])].sort();
}

/** Whether a language is inside the program. */
export function isEmbedded(code: string): boolean {
  return code in embedded;
}

/** The languages of a text such as "eng+fra", "en, fr" or "auto", without repeats. */
export function parseLanguages(text: string): string[] {
  const parts = text
    .toLowerCase()
    .split(/[+,\s]+/)
    .filter(Boolean);
  return [...new Set(parts.map((part) => aliases[part] ?? part))];
}

/** Reads a language's data. The code must be one of `listLanguages`; a file of the folder beats the embedded one. */
export async function readLanguage(code: string, folder: string): Promise<Uint8Array> {
  const name = folder && readdirSync(folder).find((entry) => codeOf(entry).includes(code));
  const path = name ? join(folder, name) : embeddedPath(embedded[code] ?? "");
  const bytes = await Bun.file(path).bytes();
  const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return isCompressed ? gunzip(bytes, code) : bytes;
}

/** What a reader says about data that the core does not take. */
export function unusable(languages: string): Refusal {
  const named = JSON.stringify(languages);
  return new Refusal("no_language", `the data of the language ${named} cannot be used`);
}

function gunzip(bytes: Uint8Array<ArrayBuffer>, code: string): Uint8Array {
  try {
    return Bun.gunzipSync(bytes);
  } catch {
    throw unusable(code);
  }
}

/** An ordinary file with something in it: reading a FIFO would never end. */
function isFilled(path: string): boolean {
  const info = statSync(path, { throwIfNoEntry: false });
  return info?.isFile() === true && info.size > 0;
}

function codeOf(name: string): string[] {
  const code = dataFile.exec(name)?.[1];
  return code === undefined ? [] : [code.toLowerCase()];
}
