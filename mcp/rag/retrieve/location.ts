import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../../../src/core/fault.ts";
import { isPostgres } from "../store/open.ts";

/** The index's name in a folder that RAG_DB names. */
const fileName = "rag.db";

/** Where the index lies, for a setting that names a file, a folder or a PostgreSQL's address. */
export function locateIndex(setting: string): string {
  if (isPostgres(setting)) return setting;
  const isFolder =
    setting.endsWith("/") || (existsSync(setting) && statSync(setting).isDirectory());
  return isFolder ? join(setting, fileName) : setting;
}

/** The index of a server that was told none: empty, and gone when the program ends. */
export function createTemporaryIndex(): string {
  try {
    const folder = mkdtempSync(join(tmpdir(), "rag-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    return join(folder, fileName);
  } catch (cause) {
    throw new AppError(
      "invalid_config",
      "Cannot start: RAG_DB is not set and there is no temporary folder",
      {
        hint: "Set RAG_DB to the index file, to the folder for it, or to a postgres:// address.",
        cause,
      },
    );
  }
}
