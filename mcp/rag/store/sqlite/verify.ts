import type { Database } from "bun:sqlite";
import type { Verdict } from "../port.ts";
import { findGeneration } from "./generations.ts";
import { findPartition } from "./partitions.ts";

/** Problems that are listed at most; one cause often shows in thousands of rows. */
const problemsLimit = 50;

/** Looks at the whole file: SQLite's own check, every reference, every index against the rows that it was made from. */
export function verifyIndex(db: Database): Verdict {
  const problems = db
    .query<{ integrity_check: string }, []>(`pragma integrity_check(${problemsLimit})`)
    .all()
    .map(({ integrity_check }) => integrity_check)
    .filter((line) => line !== "ok");
  problems.push(...checkReferences(db));
  let vectors = 0;
  const collections = db
    .query<{ id: number; name: string }, []>("select id, name from collections order by id")
    .all();
  for (const collection of collections) {
    problems.push(...checkWords(db, collection));
    const found = checkVectors(db, collection);
    vectors += found.count;
    problems.push(...found.problems);
  }
  const checked = {
    collections: collections.length,
    documents: count(db, "documents"),
    chunks: count(db, "chunks"),
  };
  return { checked: { ...checked, vectors }, problems: problems.slice(0, problemsLimit) };
}

function checkReferences(db: Database): string[] {
  const rules: Readonly<Record<string, string>> = {
    "documents of no collection":
      "select count(*) as n from documents where collection_id not in (select id from collections)",
    "chunks of no document":
      "select count(*) as n from chunks where document_id not in (select id from documents)",
    "collections with a wrong number of chunks": `select count(*) as n from collections n
       where chunks <> (select count(*) from chunks where collection_id = n.id)`,
    "facets of no document":
      "select count(*) as n from facets where document_id not in (select id from documents)",
    "documents whose chunks are not numbered from 0": `select count(*) as n from (select document_id from chunks group by document_id
         having min(ordinal) <> 0 or max(ordinal) <> count(*) - 1)`,
  };
  return Object.entries(rules).flatMap(([what, sql]) => {
    const { n = 0 } = db.query<{ n: number }, []>(sql).get() ?? {};
    return n > 0 ? [`${n} ${what}`] : [];
  });
}

function checkWords(db: Database, { id, name }: { id: number; name: string }): string[] {
  const problems: string[] = [];
  const indexed = `select rowid from words_${id}_docsize`;
  const chunks = `select id from chunks where collection_id = ${id}`;
  problems.push(...difference(db, `${name}: chunks missing in the word index`, chunks, indexed));
  problems.push(...difference(db, `${name}: words of chunks that are gone`, indexed, chunks));
  db.run(
    `create virtual table if not exists temp.terms_${id} using fts5vocab(main, words_${id}, row)`,
  );
  const wrong = db
    .query<{ n: number }, []>(
      `select count(*) as n from stems_${id} s left join temp.terms_${id} t on t.term = s.stem
       where s.chunks <> coalesce(t.doc, 0)`,
    )
    .get();
  if (wrong && wrong.n > 0) problems.push(`${name}: ${wrong.n} stems with a wrong frequency`);
  return problems;
}

function checkVectors(
  db: Database,
  { id, name }: { id: number; name: string },
): { count: number; problems: string[] } {
  const live = findGeneration(db, id, "live");
  const chunks = `select id from chunks where collection_id = ${id} and has_vector = 1`;
  if (!live) {
    const [row] = db.query<{ n: number }, []>(`select count(*) as n from (${chunks})`).all();
    const problems = row && row.n > 0 ? [`${name}: ${row.n} chunks without their vector`] : [];
    return { count: 0, problems };
  }
  const stored = `select rowid from vectors_${live.id}_rowids`;
  const problems = [
    ...difference(db, `${name}: chunks without their vector`, chunks, stored),
    ...difference(db, `${name}: vectors of chunks that are gone`, stored, chunks),
  ];
  const partition = findPartition(db, live.id, "live");
  if (partition) {
    const placed = `select rowid from codes_${partition.id}_rowids`;
    problems.push(...difference(db, `${name}: vectors that are in no list`, stored, placed));
    problems.push(...difference(db, `${name}: lists' vectors that are gone`, placed, stored));
  }
  return { count: count(db, `vectors_${live.id}_rowids`), problems };
}

function difference(db: Database, what: string, all: string, without: string): string[] {
  const row = db
    .query<{ n: number }, []>(`select count(*) as n from (${all} except ${without})`)
    .get();
  return row && row.n > 0 ? [`${what}: ${row.n}`] : [];
}

function count(db: Database, table: string): number {
  return db.query<{ n: number }, []>(`select count(*) as n from ${table}`).get()?.n ?? 0;
}
