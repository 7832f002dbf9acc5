/** The notices of an artefact as one text: a list, then each component with its texts, then those that parts share. */
import { version } from "../../src/core/version.ts";
import type { Component } from "./component.ts";
import { checkPartLicence, idsIn, standardText } from "./licences.ts";
import { joinTaken, readPackage, type Taken } from "./packages.ts";
import { runtimeComponent } from "./runtime.ts";

/** What the file of notices is called, in images, bundles and beside the executables. */
export const noticesFile = "THIRD-PARTY-NOTICES";

/** What a text of notices is about. */
export interface Artefact {
  /** For the heading. */
  name: string;
  /** What its builds took. */
  taken: readonly Taken[];
  /** Whether it holds an executable, and Bun with that. */
  hasRuntime: boolean;
}

/** Everything of others in an artefact, ordered by name, Bun first. The same builds give the same list. */
export function listComponents({ taken, hasRuntime }: Artefact): Component[] {
  const packages = [...joinTaken(taken)].map(([folder, files]) => readPackage(folder, files));
  packages.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const runtime = hasRuntime ? [runtimeComponent()] : [];
  for (const { name, parts } of runtime)
    for (const part of parts) checkPartLicence(`${part.name} in ${name}`, part.licence);
  return [...runtime, ...packages];
}

/**
 * The notices that go along with an artefact.
 * @throws AppError with a package's name when its licence may not be built in or has no text.
 */
export function noticesText(artefact: Artefact): string {
  const components = listComponents(artefact);
  const seen = new Map<string, string>();
  const sections = components.map((component) => sectionOf(component, seen));
  const text = [
    `THIRD-PARTY NOTICES of ${artefact.name} ${version}

Berth is under the Apache License 2.0. What is listed here was made by others and is built in; each part is under its own
licence, and the texts follow. Made when it was built, from what the build took.

${components.map(lineOf).join("\n")}
`,
    ...sections,
    ...sharedTexts(components),
  ].join(`\n${"-".repeat(80)}\n\n`);
  // What terminals would act on is no part of a notice.
  return text.replaceAll("\t", "    ").replace(/[^\P{C}\n]/gu, "");
}

function keyOf({ name, version }: Component): string {
  return `${name} ${version}`;
}

function lineOf(component: Component): string {
  return `  ${keyOf(component)}, ${component.licence}`;
}

function sectionOf(component: Component, seen: Map<string, string>): string {
  const key = keyOf(component);
  const texts = component.texts.map((text) => {
    const plain = text.replace(/\s+/g, " ").trim();
    const first = seen.get(plain);
    if (first === undefined) seen.set(plain, key);
    return first === undefined ? text.trim() : `The text is that of ${first} above.`;
  });
  return `${[headOf(component), ...texts].join("\n\n")}\n`;
}

function headOf({ name, version, licence, address, remark, parts }: Component): string {
  const lines = parts.map((part) => {
    const rights = part.copyright === undefined ? "" : `\n    ${part.copyright}`;
    return `  ${part.name}, ${part.licence}${rights}\n    ${part.address}`;
  });
  const head = [`${name} ${version}, ${licence}`, address].filter((line) => line !== "").join("\n");
  const compiled = lines.length > 0 && ["Compiled into it:", ...lines].join("\n");
  return [head, remark, compiled].filter(Boolean).join("\n\n");
}

/** The licences of parts, whose own copyright lines stand beside their names. */
function sharedTexts(components: readonly Component[]): string[] {
  const ids = new Set(
    components.flatMap(({ parts }) => parts.flatMap(({ licence }) => idsIn(licence))),
  );
  const copyright = "(The holders of the copyright are named with each part above.)";
  return [...ids]
    .sort()
    .map(
      (id) => `The text of ${id}, for the parts above\n\n${standardText(id, copyright).trim()}\n`,
    );
}
