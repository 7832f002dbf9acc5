import { AppError } from "../../core/fault.ts";
import type { Config } from "../config-file.ts";
import { settledPermissions } from "../grants.ts";
import { noPermissions, type Permissions } from "../permissions.ts";
import { openServer, type ServerEntry } from "../servers.ts";

/** What a server may do once it runs, or why it cannot be started yet. */
export interface Effective {
  effective: Permissions | null;
  problem: string | null;
}

/** What a server of berth.json may do: what it asks for as far as that is granted. */
export function effectiveOf(
  entry: ServerEntry,
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): Effective {
  const { permissions: grants = noPermissions } = entry.config;
  try {
    const { asks, folder } = openServer(entry, config, { env });
    const effective = settledPermissions(
      { permissions: asks, base: folder },
      { permissions: grants, base: config.folder },
      env.PATH,
    );
    return { effective, problem: null };
  } catch (error) {
    // What is still missing is what the reader came to find out.
    if (!(error instanceof AppError)) throw error;
    return { effective: null, problem: error.message };
  }
}
