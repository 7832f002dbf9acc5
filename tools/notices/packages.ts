/** The packages that an artefact holds, with what they say of their licences. */
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import * as z from "zod";
import { AppError } from "../../src/core/fault.ts";
import type { Component } from "./component.ts";
import { corrections } from "./corrections.ts";
import { checkLicence, checkPartLicence, idsIn, standardText } from "./licences.ts";
import { prebuiltParts } from "./prebuilt.ts";

const root = join(import.meta.dir, "..", "..");

/** The bundler's account of a build, as far as it is read here. */
const metafile = z.object({
  outputs: z.record(z.string(), z.object({ inputs: z.record(z.string(), z.unknown()) })),
});

const packageFile = z.object({
  name: z.string(),
  version: z.string(),
  // Old packages have an object here, which is no expression.
  license: z
    .unknown()
    .optional()
    .transform((told) => (typeof told === "string" ? told : "")),
  homepage: z.string().optional(),
  repository: z.union([z.string(), z.object({ url: z.string() })]).optional(),
});

/** What a build took of packages: the files by the package's folder, which is absolute and without links. */
export type Taken = ReadonlyMap<string, readonly string[]>;

/** Reads the account that the bundler wrote of a build in the repository's root; what it left out is not in it. */
export function readTaken(file: string): Taken {
  const { outputs } = metafile.parse(JSON.parse(readFileSync(file, "utf8")));
  const taken = new Map<string, string[]>();
  const inputs = new Set(Object.values(outputs).flatMap((output) => Object.keys(output.inputs)));
  for (const input of [...inputs].sort()) {
    const place = resolve(root, input);
    const folder = packageOf(place);
    if (folder === undefined) continue;
    const real = realpathSync(folder);
    taken.set(real, [...(taken.get(real) ?? []), join(real, relative(folder, place))]);
  }
  return taken;
}

/** The folder of a file's package; undefined for a source of ours. Packages for other machines lie outside of node_modules. */
function packageOf(place: string): string | undefined {
  const installed = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(place)?.[0];
  if (installed !== undefined) return installed;
  if (!relative(root, place).startsWith("..")) return undefined;
  let folder = dirname(place);
  while (!existsSync(join(folder, "package.json"))) {
    if (folder === dirname(folder)) throw new Error(`nobody knows whose ${place} is`);
    folder = dirname(folder);
  }
  return folder;
}

/** What several builds took together. */
export function joinTaken(all: readonly Taken[]): Taken {
  const joined = new Map<string, string[]>();
  for (const [folder, files] of all.flatMap((taken) => [...taken])) {
    joined.set(folder, [...new Set([...(joined.get(folder) ?? []), ...files])].sort());
  }
  return joined;
}

/**
 * A package with the texts of its licence.
 * @throws AppError `conflict` with its name when its licence may not be built in, `not_found` when it has no text.
 */
export function readPackage(folder: string, files: readonly string[]): Component {
  const told = packageFile.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  const { name, version } = told;
  const correction = corrections[name];
  const licence = correction?.licence ?? told.license;
  checkLicence(name, licence);
  const parts = prebuiltParts[name] ?? [];
  for (const part of parts) checkPartLicence(`${part.name} in ${name}`, part.licence);
  const found = textsOf(folder, files);
  const texts = found.length > 0 ? found : standardTexts(name, licence);
  return { name, version, licence, address: addressOf(told), texts, parts };
}

function standardTexts(name: string, licence: string): string[] {
  const copyright = corrections[name]?.copyright;
  if (copyright !== undefined) return idsIn(licence).map((id) => standardText(id, copyright));
  throw new AppError(
    "not_found",
    `Cannot build in ${JSON.stringify(name)}: its package holds no text of its licence`,
    { hint: "Find out who holds the rights, and add them to tools/notices/corrections.ts." },
  );
}

/** Licences and notices at the package's root, what bundlers wrote beside a file that was taken, or the README's word. */
function textsOf(folder: string, files: readonly string[]): string[] {
  const own = readdirSync(folder)
    .filter((name) => /^(licen[cs]e|copying|notice|unlicense|third-?party)/i.test(name))
    .filter((name) => /^[^.]*$|\.(md|txt)$/i.test(name))
    .sort()
    .map((name) => join(folder, name));
  const beside = files
    .map((file) => join(dirname(file), `${basename(file)}.LICENSE.txt`))
    .filter((file) => existsSync(file));
  if (own.length > 0) return [...own, ...beside].map((file) => readFileSync(file, "utf8"));
  const readme = join(folder, "README.md");
  const text = existsSync(readme) ? readFileSync(readme, "utf8") : "";
  const [, section] = /^#+ licen[cs]e\s*$([^#]*)/im.exec(text) ?? [];
  return section !== undefined && /permission is hereby granted/i.test(section) ? [section] : [];
}

function addressOf({ homepage, repository }: z.output<typeof packageFile>): string {
  const given = (typeof repository === "string" ? repository : repository?.url) ?? homepage ?? "";
  if (/^[\w-]+\/[\w.-]+$/.test(given)) return `https://github.com/${given}`;
  return given
    .replace(/^git\+/, "")
    .replace(/^(git|ssh):\/\/(git@)?|^git@/, "https://")
    .replace(/(github\.com):/, "$1/")
    .replace(/\.git$/, "");
}
