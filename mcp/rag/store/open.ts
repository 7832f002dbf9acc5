import type { Store } from "./port.ts";
import { openSqliteStore } from "./sqlite/store.ts";

/** Opens the index that a setting names: the path of a SQLite file, or a PostgreSQL's address. */
export async function openStore(location: string): Promise<Store> {
  return openSqliteStore(location);
}
