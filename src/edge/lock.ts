import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { AppError } from "../core/fault.ts";
import { type ContentMap, contentHash, lockFile } from "./content.ts";
import { parseJson } from "./json.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const lockSchema = z.strictObject({
  lockVersion: z.literal(1),
  name: z.string(),
  version: z.string(),
  /** Of the content; see contentHash. */
  sha256,
  /** Of the file that it was installed from. */
  archiveSha256: sha256,
  /** The trusted key that signed that file; null when none did. */
  signedBy: z.string().nullable(),
  installedAt: z.iso.datetime(),
  files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}(\+x)?$/)),
});

/** What `berth add` has written down about an installed bundle. */
export type Lock = z.output<typeof lockSchema>;

/** The lock file's text. */
export function lockText(lock: Lock): string {
  return `${JSON.stringify(lock, null, 2)}\n`;
}

/** The lock of an installed bundle, or undefined for a folder that nobody has installed. */
export function findLock(folder: string): Lock | undefined {
  const file = join(folder, lockFile);
  if (!existsSync(file)) return undefined;
  return parseJson(readFileSync(file, "utf8"), lockSchema, {
    name: file,
    fault: "conflict",
    hint: "Install the bundle again with `berth add`.",
  });
}

/** How many changed files a message names. */
const namedFilesLimit = 5;

/** Refuses a folder whose content is not what was installed, and says which files differ. */
export function checkLock(folder: string, lock: Lock, content: ContentMap): void {
  if (contentHash(content) === lock.sha256 && contentHash(lock.files) === lock.sha256) return;
  const changes = changesBetween(lock.files, content);
  const named = changes.slice(0, namedFilesLimit).join(", ") || `${lockFile} itself was changed`;
  const more =
    changes.length > namedFilesLimit ? ` and ${changes.length - namedFilesLimit} more` : "";
  throw new AppError(
    "conflict",
    `Cannot open the bundle ${JSON.stringify(folder)}: it is not what was installed: ${named}${more}`,
    {
      hint: "If you did not change it, treat it as tampered with. Install it again with `berth add <file>`.",
      detail: { changes },
    },
  );
}

function changesBetween(before: ContentMap, now: ContentMap): string[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return paths.flatMap((path) => {
    if (before[path] === now[path]) return [];
    if (before[path] === undefined) return [`${path} was added`];
    if (now[path] === undefined) return [`${path} was removed`];
    return [`${path} was changed`];
  });
}
