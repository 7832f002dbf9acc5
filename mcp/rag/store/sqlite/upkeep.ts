import type { Database } from "bun:sqlite";
import { existsSync, renameSync, rmSync } from "node:fs";
import { AppError } from "../../../../src/core/fault.ts";
import type { StoreStats } from "../port.ts";
import { collectionRows, countRows } from "./collections.ts";
import type { Connection } from "./connection.ts";
import { findGeneration } from "./generations.ts";
import * as models from "./models.ts";
import { findPartition } from "./partitions.ts";
import { schemaVersion } from "./schema.ts";

/** Texts spread evenly over all collections. */
export function sampleTexts(db: Database, limit: number): string[] {
  const total = db.query<{ n: number }, []>("select count(*) as n from chunks").get()?.n ?? 0;
  const step = Math.max(1, Math.ceil(total / limit));
  return db
    .query<{ text: string }, [number, number]>(
      `select text from (select text, row_number() over (order by id) as place from chunks) where place % ? = 0 limit ?`,
    )
    .all(step, limit)
    .map(({ text }) => text);
}

/** Where a synchronisation has come to. */
export function readCursor(db: Database, name: string): string | undefined {
  return db.query<{ value: string }, [string]>("select value from cursors where name = ?").get(name)
    ?.value;
}

/** Saves where a synchronisation has come to inside the caller's transaction. */
export function saveCursor(db: Database, name: string, value: string): void {
  db.query(
    "insert into cursors (name, value) values (?, ?) on conflict (name) do update set value = excluded.value",
  ).run(name, value);
}

/** What the index holds. */
export function readStats({ db, isReadOnly }: Connection): StoreStats {
  const { data: _, ...model } = models.readModel(db) ?? { data: undefined };
  const missing = db.query<{ n: number }, [number]>(
    "select count(*) as n from chunks where collection_id = ? and has_vector = 0",
  );
  const collections = collectionRows(db).map(({ id, name, title }) => {
    const live = findGeneration(db, id, "live");
    const lists = (live && findPartition(db, live.id, "live")?.lists) ?? 0;
    return {
      name,
      title,
      documents: countRows(db, "documents", id),
      chunks: countRows(db, "chunks", id),
      chunksWithoutVector: missing.get(id)?.n ?? 0,
      index: lists === 0 ? ("exact" as const) : ("inverted-file" as const),
      lists,
    };
  });
  return {
    engine: "sqlite",
    schemaVersion,
    isReadOnly,
    sizeBytes: sizeOf(db),
    model: "id" in model ? model : null,
    collections,
  };
}

/** Written under another name first: a copy that was cut off must not be taken for one. */
export function backUp(db: Database, target: string): void {
  if (existsSync(target)) {
    throw new AppError("conflict", `Cannot back up to "${target}": there is a file`, {
      hint: "Name another file, or move that one away.",
    });
  }
  const partial = `${target}.partial`;
  rmSync(partial, { force: true });
  try {
    db.query("vacuum into ?").run(partial);
    renameSync(partial, target);
  } finally {
    // On a full disk what was written of it takes the room that others wait for.
    rmSync(partial, { force: true });
  }
}

function sizeOf(db: Database): number {
  const row = db
    .query<{ bytes: number }, []>(
      "select page_count * page_size as bytes from pragma_page_count, pragma_page_size",
    )
    .get();
  return row?.bytes ?? 0;
}
