import type { Verdict } from "../port.ts";
import type { Run } from "./connection.ts";
import { findGeneration } from "./vectors.ts";

/** Looks at every reference and at every index's rows against those that they were made from. */
export async function verifyIndex(run: Run): Promise<Verdict> {
  const problems = await failing(run, {
    "documents whose chunks are not numbered from 0": `select count(*)::int as n from (select document_id from chunks
       group by document_id having min(ordinal) <> 0 or max(ordinal) <> count(*) - 1) wrong`,
  });
  const collections = await run<{ id: number; name: string }>(
    "select id, name from collections order by id",
  );
  let vectors = 0;
  for (const { id, name } of collections) {
    const found = await failing(run, {
      "stems with a wrong frequency": `select count(*)::int as n from (
         select stem, chunks from stems where collection_id = ${id} and chunks <> 0 and stem <> '' except
         select word, ndoc from ts_stat('select words from chunks where collection_id = ${id}')) wrong`,
      "wrong number of chunks": `select count(*)::int as n from (
         select coalesce(sum(chunks), 0) as n from stems where collection_id = ${id} and stem = ''
         except select count(*) from chunks where collection_id = ${id}) wrong`,
    });
    const live = await findGeneration(run, id, "live");
    const stored = live
      ? `select chunk_id from vectors_${live.id}`
      : "select 0::bigint where false";
    const chunks = `select id from chunks where collection_id = ${id} and has_vector = 1`;
    const differing = await failing(run, {
      "chunks without their vector": `select count(*)::int as n from (${chunks} except ${stored}) wrong`,
      "vectors of chunks that are gone": `select count(*)::int as n from (${stored} except ${chunks}) wrong`,
    });
    problems.push(...[...found, ...differing].map((problem) => `${name}: ${problem}`));
    vectors += await count(run, `(${stored}) stored`);
  }
  return {
    checked: {
      collections: collections.length,
      documents: await count(run, "documents"),
      chunks: await count(run, "chunks"),
      vectors,
    },
    problems,
  };
}

async function failing(run: Run, rules: Readonly<Record<string, string>>): Promise<string[]> {
  const problems: string[] = [];
  for (const [what, sql] of Object.entries(rules)) {
    const [row] = await run<{ n: number }>(sql);
    if (row && row.n > 0) problems.push(`${row.n} ${what}`);
  }
  return problems;
}

async function count(run: Run, source: string): Promise<number> {
  const [row] = await run<{ n: number }>(`select count(*)::int as n from ${source}`);
  return row?.n ?? 0;
}
