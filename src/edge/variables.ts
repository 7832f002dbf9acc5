import { homedir } from "node:os";
import { join, sep } from "node:path";
import { Secret } from "../core/secret.ts";
import { revealText, type Text } from "./text.ts";

/** What `${…}` stands for: undefined is an option that was not set, a list one that takes several values. */
export type Variables = ReadonlyMap<string, Text | readonly Text[] | undefined>;

/** The variables of the MCPB specification that do not depend on the operator. */
export function systemVariables(folder: string, home: string = homedir()): Map<string, Text> {
  return new Map<string, Text>([
    ["__dirname", folder],
    ["HOME", home],
    ["DESKTOP", join(home, "Desktop")],
    ["DOCUMENTS", join(home, "Documents")],
    ["DOWNLOADS", join(home, "Downloads")],
    ["pathSeparator", sep],
    ["/", sep],
  ]);
}

const reference = /\$\{([^${}]+)\}/g;
const onlyReference = /^\$\{([^${}]+)\}$/;

/**
 * Fills in the variables of one text, in one pass: a value that itself reads `${HOME}` stays as it is. Undefined when the
 * text is nothing but an option that was not set. Unknown variables stay as they are, as in other hosts.
 */
export function fillText(text: string, variables: Variables): Text | undefined {
  const alone = onlyReference.exec(text)?.[1];
  if (alone !== undefined && variables.has(alone) && variables.get(alone) === undefined)
    return undefined;
  let isSecret = false;
  const filled = text.replace(reference, (whole, name: string) => {
    if (!variables.has(name)) return whole;
    const value = variables.get(name) ?? "";
    // A list inside a text has no form in the specification; a comma is what most servers split on.
    const parts = Array.isArray(value) ? value : [value];
    isSecret ||= parts.some((part) => part instanceof Secret);
    return parts.map(revealText).join(",");
  });
  return isSecret ? new Secret(filled) : filled;
}

/** Fills in a list: an option with several values becomes as many entries, one that was not set none. */
export function fillList(texts: readonly string[], variables: Variables): Text[] {
  return texts.flatMap((text) => {
    const alone = onlyReference.exec(text)?.[1];
    const value = alone === undefined ? undefined : variables.get(alone);
    if (Array.isArray(value)) return value;
    return fillText(text, variables) ?? [];
  });
}
