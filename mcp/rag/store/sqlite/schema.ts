import type { Database } from "bun:sqlite";
import { AppError } from "../../../../src/core/fault.ts";

/** Each step takes the schema from its place in the list to the next version; steps are never changed once released. */
const migrations: readonly (string | ((db: Database) => void))[] = [
  `
  create table model (
    one integer primary key check (one = 1), id text not null, dimensions integer not null,
    document_prefix text not null, query_prefix text not null, data blob
  ) strict;
  create table cursors (name text primary key, value text not null) strict;
  create table collections (
    id integer primary key autoincrement, name text not null unique, title text not null
  ) strict;
  create table documents (
    id integer primary key autoincrement, collection_id integer not null references collections (id),
    source_id text not null, content_hash text not null, title text not null, source text not null,
    facets text not null, valid_from text, valid_until text, occurred_at text, metadata text not null,
    unique (collection_id, source_id)
  ) strict;
  create table facets (
    collection_id integer not null, name text not null, value text not null, document_id integer not null,
    primary key (collection_id, name, value, document_id)
  ) strict, without rowid;
  create index facets_by_document on facets (document_id);
  create table chunks (
    id integer primary key autoincrement, collection_id integer not null, document_id integer not null,
    ordinal integer not null, text text not null, headings text not null, language text not null,
    start_offset integer not null, end_offset integer not null, page integer, has_vector integer not null
  ) strict;
  create index chunks_by_document on chunks (document_id, ordinal);
  create index chunks_by_collection on chunks (collection_id, id);
  create index chunks_without_vector on chunks (collection_id, id) where has_vector = 0;
  create table generations (
    id integer primary key autoincrement, collection_id integer not null references collections (id),
    model_id text not null, dimensions integer not null, lists integer not null, centroids blob,
    state text not null check (state in ('live', 'training', 'reembedding')),
    trained_rows integer not null, copied_to integer not null, copy_until integer not null
  ) strict;
  create unique index generations_by_state on generations (collection_id, state);
  `,
  // Every search weighs its words by how many chunks there are; counting them took longer than finding words.
  `
  alter table collections add column chunks integer not null default 0;
  update collections set chunks = (select count(*) from chunks where collection_id = collections.id);
  `,
  separateLists,
];

/** The schema version that this program reads and writes. */
export const schemaVersion: number = migrations.length;

/** Brings the schema up to date, each step in a transaction of its own. */
export function migrate(db: Database, path: string): void {
  if (readVersion(db, path) === schemaVersion) return;
  db.transaction(() => {
    for (let version = readVersion(db, path); version < schemaVersion; version++) {
      const step = migrations[version] ?? "";
      if (typeof step === "string") db.run(step);
      else step(db);
      db.run(`pragma user_version = ${version + 1}`);
    }
  }).immediate();
}

/**
 * Vectors used to lie in their lists, so that each training copied them all. They stay in one place now, and the lists hold
 * codes; `maintain` trains them anew.
 */
function separateLists(db: Database): void {
  db.run(`
    alter table generations rename to old_generations;
    drop index generations_by_state;
    create table generations (
      id integer primary key autoincrement, collection_id integer not null references collections (id),
      model_id text not null, dimensions integer not null,
      state text not null check (state in ('live', 'reembedding')), copied_to integer not null
    ) strict;
    create unique index generations_by_state on generations (collection_id, state);
    create table partitions (
      id integer primary key autoincrement, generation_id integer not null references generations (id),
      lists integer not null, centroids blob not null, state text not null check (state in ('live', 'training')),
      trained_rows integer not null, copied_to integer not null, copy_until integer not null
    ) strict;
    create unique index partitions_by_state on partitions (generation_id, state);
  `);
  const old = db
    .query<{ id: number; state: string; dimensions: number }, []>(
      "select id, state, dimensions from old_generations order by id",
    )
    .all();
  // Numbers of tables that there are already must not be given out again.
  const offset = old.at(-1)?.id ?? 0;
  for (const { id, state, dimensions } of old) {
    if (state !== "training") {
      const kept = id + offset;
      db.run(
        `create virtual table vectors_${kept} using vec0(embedding float[${dimensions}], chunk_size=128);
         insert into vectors_${kept} (rowid, embedding) select rowid, embedding from vectors_${id} order by rowid;
         insert into generations select id + ${offset}, collection_id, model_id, dimensions, state, copied_to
           from old_generations where id = ${id};`,
      );
    }
    db.run(`drop table vectors_${id}`);
  }
  db.run("drop table old_generations");
}

/** The file's schema version; fails for one that a newer program has written. */
export function readVersion(db: Database, path: string): number {
  const row = db.query<{ user_version: number }, []>("pragma user_version").get();
  const version = row?.user_version ?? 0;
  if (version <= schemaVersion) return version;
  const known = `this program knows versions up to ${schemaVersion}`;
  throw new AppError("invalid_config", `Cannot open "${path}": schema ${version}; ${known}`, {
    hint: "Use the program's newer version, or another file.",
  });
}

/** The tables of one collection: its full-text index, the frequencies of its stems, and its vocabulary for typos. */
export function createCollectionTables(db: Database, id: number): void {
  db.run(
    `create virtual table words_${id} using fts5(
       head, body, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0')`,
  );
  db.run(
    `create table stems_${id} (stem text primary key, chunks integer not null) strict, without rowid`,
  );
  db.run(
    `create table vocabulary_${id} (id integer primary key, word text not null unique) strict`,
  );
  db.run(
    `create virtual table trigrams_${id} using fts5(
       word, content = 'vocabulary_${id}', content_rowid = 'id', tokenize = 'trigram', detail = none)`,
  );
}

/** The opposite of `createCollectionTables`. */
export function dropCollectionTables(db: Database, id: number): void {
  for (const table of ["trigrams", "vocabulary", "stems", "words"])
    db.run(`drop table ${table}_${id}`);
}
