import { crc32, deflateRawSync } from "node:zlib";

/** One entry of a zip file that is written byte by byte, lies included. */
export interface RawEntry {
  name: string | Uint8Array;
  data?: string | Uint8Array;
  method?: number;
  flags?: number;
  /** Unix mode; regular file 0644 when absent. */
  mode?: number;
  crc32?: number;
  /** What the headers say of the lengths, where it is not the truth. */
  bytes?: number;
  packedBytes?: number;
  /** The bytes that are there, packed already. */
  packed?: Uint8Array;
  /** What the local header says where the directory says otherwise. */
  local?: { name?: string; method?: number; bytes?: number };
  /** Bytes behind the data: the sizes again, or what is hidden there. */
  after?: Uint8Array;
  /** Where the directory says that the local header is. */
  offset?: number;
}

export interface RawZip {
  prefix?: string;
  suffix?: string;
  comment?: string;
  /** The counts and places of the end record, where they are not the truth. */
  end?: { disk?: number; entries?: number; bytes?: number; offset?: number };
  /** Bytes between the directory and the end record. */
  gap?: Uint8Array;
}

/** A zip file of these entries. */
export function zipBytes(entries: readonly RawEntry[], options: RawZip = {}): Uint8Array {
  const parts: Uint8Array[] = [Buffer.from(options.prefix ?? "")];
  const directory: Uint8Array[] = [];
  for (const entry of entries) {
    const offset = lengthOf(parts);
    const facts = factsOf(entry);
    parts.push(localHeader(facts, entry), facts.packed, entry.after ?? new Uint8Array());
    directory.push(centralHeader(facts, entry, entry.offset ?? offset));
  }
  const at = lengthOf(parts);
  const {
    disk = 0,
    entries: count = entries.length,
    bytes = lengthOf(directory),
    offset = at,
  } = options.end ?? {};
  const comment = Buffer.from(options.comment ?? "");
  const end = fields(
    [4, 0x06054b50],
    [2, disk],
    [2, disk],
    [2, count],
    [2, count],
    [4, bytes],
    [4, offset],
    [2, comment.length],
  );
  return Buffer.concat([
    ...parts,
    ...directory,
    options.gap ?? new Uint8Array(),
    end,
    comment,
    Buffer.from(options.suffix ?? ""),
  ]);
}

function factsOf(entry: RawEntry) {
  const data = Buffer.from(entry.data ?? "");
  const method = entry.method ?? 0;
  const packed = entry.packed ?? (method === 8 ? deflateRawSync(data) : data);
  return {
    name: Buffer.from(entry.name),
    method,
    packed,
    flags: entry.flags ?? 0,
    mode: entry.mode ?? 0o100644,
    crc32: entry.crc32 ?? crc32(data),
    bytes: entry.bytes ?? data.length,
    packedBytes: entry.packedBytes ?? packed.length,
  };
}
type Facts = ReturnType<typeof factsOf>;

function localHeader(facts: Facts, { local = {} }: RawEntry): Uint8Array {
  const name = local.name === undefined ? facts.name : Buffer.from(local.name);
  const method = local.method ?? facts.method;
  const bytes = local.bytes ?? facts.bytes;
  const head = fields(
    [4, 0x04034b50],
    [2, 20],
    [2, facts.flags],
    [2, method],
    [4, 0],
    [4, facts.crc32],
    [4, facts.packedBytes],
    [4, bytes],
    [2, name.length],
    [2, 0],
  );
  return Buffer.concat([head, name]);
}

function centralHeader(facts: Facts, _entry: RawEntry, offset: number): Uint8Array {
  const head = fields(
    [4, 0x02014b50],
    [2, 0x0314],
    [2, 20],
    [2, facts.flags],
    [2, facts.method],
    [4, 0],
    [4, facts.crc32],
    [4, facts.packedBytes],
    [4, facts.bytes],
    [2, facts.name.length],
    [2, 0],
    [2, 0],
    [2, 0],
    [2, 0],
    [4, facts.mode * 0x10000],
    [4, offset],
  );
  return Buffer.concat([head, facts.name]);
}

function fields(...list: readonly (readonly [bytes: 2 | 4, value: number])[]): Uint8Array {
  const buffer = Buffer.alloc(list.reduce((sum, [bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [bytes, value] of list) at = buffer.writeUIntLE(value, at, bytes);
  return buffer;
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}
