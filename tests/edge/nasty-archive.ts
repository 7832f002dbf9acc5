import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { berth, manifestOf, openFolder } from "../berth.ts";
import type { RawEntry } from "../zipBytes.ts";

/** The entries of a bundle that has nothing wrong. */
export const goodEntries: RawEntry[] = [
  { name: "manifest.json", data: JSON.stringify(manifestOf()) },
  { name: "server/index.js", data: "1;", method: 8 },
];

/** Offers an archive to `berth add`: what that answers, and what it leaves behind. */
export async function addArchive(bytes: Uint8Array): Promise<unknown> {
  using folder = openFolder();
  writeFileSync(join(folder.path, "nasty.mcpb"), bytes);
  const answer = await berth(["add", "nasty.mcpb"], { cwd: folder.path });
  const bundles = join(folder.path, "bundles");
  return { ...answer, left: existsSync(bundles) ? readdirSync(bundles) : [] };
}

/** The answer of `addArchive` to what is no archive for it. */
export function refusedFor(state: string): unknown {
  const hint = "Ask its publisher for another one, or repack its folder with `berth pack`.";
  const stderr = `Cannot read the archive: ${state}\nhint: ${hint}\n`;
  return { code: 1, stdout: "", stderr, left: [] };
}
