import type { PostgresConnection, Run } from "./connection.ts";

/** Each step takes the schema to the next version; steps are never changed once released. */
const migrations: readonly string[] = [
  `
  create extension if not exists vector;
  create table model (
    one integer primary key check (one = 1), id text not null, dimensions integer not null,
    document_prefix text not null, query_prefix text not null, data text
  );
  create table cursors (name text primary key, value text not null);
  create table collections (
    id integer generated always as identity primary key, name text not null unique, title text not null
  );
  create table documents (
    id bigint generated always as identity primary key,
    collection_id integer not null references collections (id) on delete cascade,
    source_id text not null, content_hash text not null, title text not null, source text not null,
    facets jsonb not null, valid_from text, valid_until text, occurred_at text, metadata text not null,
    unique (collection_id, source_id)
  );
  create index documents_by_facet on documents using gin (facets jsonb_path_ops);
  create table chunks (
    id bigint generated always as identity primary key,
    collection_id integer not null references collections (id) on delete cascade,
    document_id bigint not null references documents (id) on delete cascade,
    ordinal integer not null, text text not null, headings text not null, language text not null,
    start_offset integer not null, end_offset integer not null, page integer, has_vector smallint not null,
    words tsvector not null
  );
  create index chunks_by_document on chunks (document_id, ordinal);
  create index chunks_by_collection on chunks (collection_id, id);
  create index chunks_without_vector on chunks (id) where has_vector = 0;
  create index chunks_by_word on chunks using gin (words);
  create table stems (
    collection_id integer not null references collections (id) on delete cascade, stem text not null,
    chunks integer not null, primary key (collection_id, stem)
  );
  create table vocabulary (
    collection_id integer not null references collections (id) on delete cascade, word text not null,
    trigrams text[] not null, primary key (collection_id, word)
  );
  create index vocabulary_by_trigram on vocabulary using gin (trigrams);
  create table generations (
    id integer generated always as identity primary key,
    collection_id integer not null references collections (id) on delete cascade,
    model_id text not null, dimensions integer not null, state text not null check (state in ('live', 'reembedding')),
    copied_to bigint not null, unique (collection_id, state) deferrable
  );
  `,
  // The stem of every chunk: how many there are.
  `
  insert into stems (collection_id, stem, chunks)
    select collection_id, '', count(*)::int from chunks group by collection_id;
  `,
];

/** The schema version that this program reads and writes. */
export const schemaVersion: number = migrations.length;
/** Names the lock under which one process at a time brings the schema up to date; any number that nobody else uses. */
const migrationLock = 7_243_001;

/** Brings the schema up to date in one transaction; other processes wait. */
export async function migrate({ begin }: PostgresConnection): Promise<void> {
  await begin(async (run) => {
    await run("select pg_advisory_xact_lock($1)", [migrationLock]);
    await run("create table if not exists rag_schema (version integer not null)");
    const [row] = await run<{ version: number }>("select version from rag_schema");
    for (let version = row?.version ?? 0; version < schemaVersion; version++) {
      for (const statement of statementsOf(migrations[version] ?? "")) await run(statement);
    }
    if (!row) await run("insert into rag_schema values ($1)", [schemaVersion]);
    else await run("update rag_schema set version = $1", [schemaVersion]);
  });
}

/** Whether this server takes no writes: a standby. */
export async function isStandby(run: Run): Promise<boolean> {
  const [row] = await run<{ standby: boolean }>("select pg_is_in_recovery() as standby");
  return row?.standby ?? false;
}

function statementsOf(step: string): string[] {
  return step
    .split(";")
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}
