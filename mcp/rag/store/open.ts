import type { Store } from "./port.ts";
import { openSqliteStore } from "./sqlite/store.ts";

/** Opens the index that a setting names: the path of a SQLite file, or a PostgreSQL's address. */
export async function openStore(location: string): Promise<Store> {
  if (!isPostgres(location)) return openSqliteStore(location);
  const { openPostgresStore } = await import("./postgres/store.ts");
  return openPostgresStore(location);
}

/** Whether a location is a PostgreSQL's address. */
export function isPostgres(location: string): boolean {
  return /^postgres(ql)?:\/\//.test(location);
}
