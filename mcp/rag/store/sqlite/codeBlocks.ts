import type { Database } from "bun:sqlite";
import { type Estimate, openCodeScan } from "../codeScan.ts";
import { encode } from "../codes.ts";
import type { ChunkId } from "../port.ts";
import { type Partition, type Places, placesOf } from "./partitions.ts";

/** A vector's list and code. */
export interface PlacedCode {
  id: ChunkId;
  list: number;
  code: Uint8Array;
}

/** A block of vec0's: room for so many ids and codes, and a bit for each place that is taken. */
interface Block {
  rowids: Uint8Array;
  validity: Uint8Array;
  codes: Uint8Array;
}

/** Finds a normalised vector's list and makes its code. */
export function place(places: Places, id: ChunkId, vector: Float32Array): PlacedCode {
  const rotated = places.rotation.rotate(vector);
  const list = places.centroids.assign(rotated);
  return { id, list, code: encode(rotated, places.centroids.at(list)) };
}

/** Puts codes into a partition inside the caller's transaction. */
export function insertCodes(db: Database, partition: Partition, codes: PlacedCode[]): void {
  const insert = db.query(
    `insert into codes_${partition.id} (rowid, list, code) values (?, ?, vec_bit(?))`,
  );
  // Sorted by list, many go to each block, and each block is written once.
  codes.sort((one, other) => one.list - other.list || one.id - other.id);
  for (const { id, list, code } of codes) insert.run(id, list, code);
}

/** The chunks whose codes promise the nearest vectors, the best first, of the lists that are nearest to the query. */
export function searchCodes(
  db: Database,
  partition: Partition,
  { query, probes, limit }: { query: Float32Array; probes: number; limit: number },
): Estimate[] {
  const { rotation, centroids } = placesOf(db, partition, query.length);
  const rotated = rotation.rotate(query);
  const scan = openCodeScan(rotated, limit);
  // vec0's own tables: its search tells the bits' distance alone. The plus lets SQLite use the second one's index, whose
  // column has no type.
  const blocks = db.query<Block, [number]>(
    `select b.rowids, b.validity, v.vectors as codes from codes_${partition.id}_chunks b
     join codes_${partition.id}_vector_chunks00 v on v.rowid = +b.chunk_id where b.partition00 = ?`,
  );
  for (const { list, product } of centroids.nearest(rotated, probes)) {
    scan.enter(centroids.at(list), product);
    for (const { rowids, validity, codes } of blocks.all(list)) {
      const numbers = new DataView(rowids.buffer, rowids.byteOffset, rowids.byteLength);
      scan.add(codes, (at) => (isTaken(validity, at) ? idAt(numbers, at) : undefined));
    }
  }
  return scan.best();
}

const idBytes = 8;

function isTaken(validity: Uint8Array, at: number): boolean {
  return (((validity[at >> 3] ?? 0) >> (at & 7)) & 1) === 1;
}

/** A 64-bit number of vec0's; chunks' ids stay below 2 ** 53. */
function idAt(numbers: DataView, at: number): number {
  const low = numbers.getUint32(at * idBytes, true);
  return low + numbers.getUint32(at * idBytes + 4, true) * 2 ** 32;
}
