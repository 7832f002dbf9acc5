import { realpath } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";

/** How documents are named in claims: these prefixes stand for the document root. */
const prefixes = ["/claim_documents", "/claims_documents"];

/**
 * The file that a document path names, or undefined when there is none, or when it is, after all symbolic links,
 * not inside the document root.
 */
export async function findDocument(root: string, path: string): Promise<string | undefined> {
  if (path.includes("\0")) return undefined;
  const base = await realpath(root).catch(() => undefined);
  if (base === undefined) return undefined;
  const found = await realpath(placeOf(base, path)).catch(() => undefined);
  return found !== undefined && isInside(base, found) ? found : undefined;
}

/** Where the path points before links are followed; a relative one begins at the root. */
function placeOf(root: string, path: string): string {
  for (const prefix of prefixes) {
    if (path.startsWith(`${prefix}/`)) return join(root, path.slice(prefix.length));
  }
  return resolve(root, path);
}

function isInside(root: string, file: string): boolean {
  const way = relative(root, file);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
