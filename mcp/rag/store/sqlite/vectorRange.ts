import type { Database } from "bun:sqlite";
import type { ChunkId } from "../port.ts";
import { type ChunkVector, readVectors } from "./vectors.ts";

/** Vectors of one block from which on it is read whole: one by one, each takes some 10 microseconds. */
const fewestOfBlock = 4;
const floatBytes = 4;

interface Spot {
  rowid: number;
  chunk_id: number;
  chunk_offset: number;
}

/** A generation's vectors of chunks with rising ids, by vec0's whole blocks: in the order of the blocks. */
export function readRange(
  db: Database,
  generation: number,
  ids: readonly ChunkId[],
): ChunkVector[] {
  const spots = db
    .query<Spot, [string]>(
      `select rowid, chunk_id, chunk_offset from vectors_${generation}_rowids
       where rowid in (select value from json_each(?))`,
    )
    .all(JSON.stringify(ids));
  const block = db.query<{ vectors: Uint8Array; size: number }, [number]>(
    `select v.vectors, b.size from vectors_${generation}_vector_chunks00 v
     join vectors_${generation}_chunks b on b.chunk_id = v.rowid where v.rowid = ?`,
  );
  return [...Map.groupBy(spots, ({ chunk_id }) => chunk_id)].flatMap(([chunk, inBlock]) => {
    const ofBlock = inBlock.length < fewestOfBlock ? null : block.get(chunk);
    if (!ofBlock) {
      const few = inBlock.map(({ rowid }) => rowid);
      return readVectors(db, generation, few);
    }
    const { vectors, size } = ofBlock;
    const bytes = vectors.length / size;
    return inBlock.map(({ rowid, chunk_offset }) => {
      const start = vectors.byteOffset + chunk_offset * bytes;
      return { id: rowid, vector: new Float32Array(vectors.buffer, start, bytes / floatBytes) };
    });
  });
}
