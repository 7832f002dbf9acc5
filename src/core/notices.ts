import { AppError } from "./fault.ts";

/** The file that the build puts into every executable: the notices of what is inside, compressed by gzip. */
export const noticesArchive = "THIRD-PARTY-NOTICES.gz";

/**
 * The names, licences and licence texts of everything of others that is built into this executable.
 * @throws AppError `not_found` when this is no executable: its source, or a bundle, which holds them as a file.
 */
export async function readNotices(): Promise<string> {
  const file = Bun.embeddedFiles.find((each) => "name" in each && each.name === noticesArchive);
  if (file === undefined) {
    throw new AppError("not_found", "Cannot print the licences: only a built executable has them", {
      hint: "`bun run build` writes them beside the executables; a bundle holds them as THIRD-PARTY-NOTICES.",
    });
  }
  return new TextDecoder().decode(Bun.gunzipSync(await file.arrayBuffer())).trimEnd();
}
