import { resolve } from "node:path";
import { type Permissions, permissionKinds, type Rule } from "./permissions.ts";
import { revealText } from "./text.ts";
import { fillList, type Variables } from "./variables.ts";

const everything: Rule = { allow: true, deny: [] };

/** What a bundle asks for that says nothing about permissions, and what a plain command asks for: the grant decides. */
export const allPermissions: Permissions = {
  read: everything,
  write: everything,
  net: everything,
  env: everything,
  run: everything,
};

/**
 * Fills the variables of a manifest's permissions in, so that a bundle can ask for exactly the folder or the service
 * that its operator sets: `{"net": ["${user_config.api_url}"]}` becomes the host and port of that address.
 */
export function fillAsks(asks: Permissions, folder: string, variables: Variables): Permissions {
  const filled = permissionKinds.map((kind) => {
    const fill = (texts: readonly string[]) =>
      fillList(texts, variables)
        .map((text) => revealText(text))
        // A setting that is left empty names nothing, so nothing is asked for.
        .filter((text) => text !== "")
        .map((text) => entryOf(kind, text, folder));
    const { allow, deny } = asks[kind];
    return [kind, { allow: allow === true ? allow : fill(allow), deny: fill(deny) }] as const;
  });
  // `filled` has one rule for each of `permissionKinds`, which are all keys of Permissions.
  return Object.fromEntries(filled) as unknown as Permissions;
}

function entryOf(kind: keyof Permissions, text: string, folder: string): string {
  if (kind === "read" || kind === "write") return resolve(folder, text);
  return kind === "net" ? endpointOf(text) : text;
}

/** `https://api.example/v1` → `api.example:443`; what is no address stays as it is. */
function endpointOf(text: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || !URL.canParse(text)) return text;
  const { protocol, hostname, port } = new URL(text);
  return `${hostname}:${port || (protocol === "http:" ? 80 : 443)}`;
}
