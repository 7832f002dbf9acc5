import { Database } from "bun:sqlite";
import { SQL } from "bun";
import { loadExtension, locateExtension } from "../../mcp/rag/store/sqlite/extension.ts";

/** A row that is near to a query. */
export interface Nearest {
  id: number;
  score: number;
}

/** Finds the ids of the ten nearest rows; ids count from 1. */
export type Find = (query: Float32Array) => Promise<number[]>;

const wanted = 10;
const insertRows = 500;

/** Keeps, for each query, the nearest of the rows that were handed in so far. */
export function nearestOf(
  rows: readonly Float32Array[],
  firstId: number,
  queries: readonly Float32Array[],
  found: Nearest[][],
): void {
  for (const [index, query] of queries.entries()) {
    const list = found[index] ?? [];
    for (const [offset, row] of rows.entries())
      keep(list, { id: firstId + offset, score: dot(row, query) });
  }
}

/** What a program without an index does: a loop over arrays of floats. */
export function floatLoop(rows: readonly Float32Array[]): Find {
  return async (query) => {
    const list: Nearest[] = [];
    for (const [index, row] of rows.entries())
      keep(list, { id: index + 1, score: dot(row, query) });
    return list.map(({ id }) => id);
  };
}

/** All of a vec0 table, without lists. */
export async function exactFinder(path: string): Promise<Find> {
  const db = new Database(path, { readonly: true });
  loadExtension(db, await locateExtension());
  const live = db
    .query<{ id: number }, []>(
      `select g.id from generations g join collections c on c.id = g.collection_id
       where g.state = 'live' and c.name = 'c'`,
    )
    .get();
  const nearest = db.query<{ rowid: number }, [Uint8Array, number]>(
    `select rowid from vectors_${live?.id} where embedding match ? and k = ?`,
  );
  return async (query) =>
    nearest
      .all(new Uint8Array(query.buffer, query.byteOffset, query.byteLength), wanted)
      .map(({ rowid }) => rowid);
}

/** pgvector's own scan and its HNSW graph, through one connection each. */
export async function pgvectorFinders(
  url: string,
  rows: readonly Float32Array[],
): Promise<[string, Find][]> {
  const sql = new SQL(url, { max: 1 });
  const dimensions = rows[0]?.length ?? 0;
  await sql.unsafe("create extension if not exists vector");
  await sql.unsafe("drop table if exists rag_speed");
  await sql.unsafe(
    `create table rag_speed (id integer primary key, embedding vector(${dimensions}))`,
  );
  for (let start = 0; start < rows.length; start += insertRows) {
    const values = rows.slice(start, start + insertRows);
    const places = values.map((row, index) => `(${start + index + 1}, '[${row.join(",")}]')`);
    await sql.unsafe(`insert into rag_speed values ${places.join(",")}`);
  }
  const find = async (query: Float32Array) => {
    const found: { id: number }[] = await sql.unsafe(
      `select id from rag_speed order by embedding <#> $1::text::vector limit ${wanted}`,
      [`[${query.join(",")}]`],
    );
    return found.map(({ id }) => id);
  };
  const indexed: Find = async (query) => {
    if (!isIndexed) {
      await sql.unsafe("set maintenance_work_mem = '4GB'");
      const beganMs = performance.now();
      await sql.unsafe("create index on rag_speed using hnsw (embedding vector_ip_ops)");
      console.error(
        `pgvector HNSW built in ${((performance.now() - beganMs) / 1000).toFixed(1)} s`,
      );
      await sql.unsafe("set hnsw.ef_search = 100");
      isIndexed = true;
    }
    return find(query);
  };
  let isIndexed = false;
  return [
    ["pgvector exact", find],
    ["pgvector HNSW", indexed],
  ];
}

function keep(list: Nearest[], row: Nearest): void {
  if (list.length === wanted && row.score <= (list.at(-1)?.score ?? 0)) return;
  list.push(row);
  list.sort((one, other) => other.score - one.score);
  list.length = Math.min(wanted, list.length);
}

function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index++)
    sum += (one[index] as number) * (other[index] as number);
  return sum;
}
