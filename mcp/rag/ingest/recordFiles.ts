import { createReadStream } from "node:fs";
import { extname } from "node:path";
import { createInterface } from "node:readline";
import { parse } from "csv-parse";
import type { NewDocument } from "../store/port.ts";
import { chunkBlocks } from "../text/chunk.ts";
import { paragraphsOf } from "../text/extracted.ts";
import { type RecordOptions, type Remark, readingVersion, type Source } from "./sources.ts";

/** The longest record, in UTF-16 units. */
const recordUnits = 16 * 1024 * 1024;

type Fields = Readonly<Record<string, unknown>>;
/** A record, or what is wrong with it. */
type Line = { fields: Fields } | { fields?: never; remark: Remark };

/** Columns that have a place of their own; every other one is metadata. */
const textColumns: readonly string[] = ["text", "content", "body"];
const titleColumns: readonly string[] = ["title", "name"];
const dayForm = /^\d{4}-\d{2}-\d{2}$/;
const instantForm = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/** Whether a file holds one document a record. */
export function isRecordFile(path: string): boolean {
  return [".csv", ".tsv", ".jsonl", ".ndjson"].includes(extname(path).toLowerCase());
}

/**
 * The records of a file, each a document: `id`, `title`, `text`, `valid_from`, `valid_until` and `occurred_at` have a
 * place of their own, other columns are metadata, and the text itself where there is no text column.
 */
export async function* readRecordFile(
  path: string,
  options: RecordOptions,
): AsyncGenerator<Source | Remark> {
  const isTable = /\.[ct]sv$/i.test(path);
  try {
    for await (const line of isTable ? readTable(path) : readLines(path)) {
      yield line.fields ? sourceOf(path, line.fields, options) : line.remark;
    }
  } catch (cause) {
    // What csv-parse and the file system say names a line or the reason.
    const reason = cause instanceof Error ? cause.message : String(cause);
    yield { source: `${path}#`, text: `Cannot read the records: ${reason}` };
  }
}

async function* readTable(path: string): AsyncGenerator<Line> {
  const parser = createReadStream(path).pipe(
    parse({
      columns: true,
      bom: true,
      delimiter: path.toLowerCase().endsWith(".tsv") ? "\t" : [",", ";"],
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: recordUnits,
    }),
  );
  // `columns` makes each record an object of texts.
  for await (const record of parser) yield { fields: record as Fields };
}

async function* readLines(path: string): AsyncGenerator<Line> {
  const lines = createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  let number = 0;
  for await (const line of lines) {
    number++;
    if (line.trim() === "") continue;
    const fields = line.length > recordUnits ? undefined : parseObject(line.replace(/^\ufeff/, ""));
    const remark = { source: `${path}#`, text: `Cannot read line ${number}: no JSON object` };
    yield fields ? { fields } : { remark };
  }
}

function parseObject(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    // An object of JSON has names and values of any kind, which is all that `Fields` says.
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Fields)
      : undefined;
  } catch {
    return undefined;
  }
}

function sourceOf(path: string, record: Fields, options: RecordOptions): Source {
  const hash = new Bun.CryptoHasher("sha256")
    .update(readingVersion)
    .update(JSON.stringify([record, options.facets]))
    .digest("hex");
  // Without an id the content names the record, which then survives being moved.
  const id = scalar(record.id) ?? hash.slice(0, 16);
  const sourceId = `${path}#${id}`;
  return {
    sourceId,
    contentHash: hash,
    load: async () => ({
      document: documentOf({ path, sourceId, hash }, record, options),
      warnings: [],
    }),
  };
}

function documentOf(
  { path, sourceId, hash }: { path: string; sourceId: string; hash: string },
  record: Fields,
  { facets }: RecordOptions,
): NewDocument {
  const [own] = textColumns.flatMap((name) => scalar(record[name]) ?? []);
  const [title] = titleColumns.flatMap((name) => scalar(record[name]) ?? []);
  const text = own ?? plainLines(record);
  const placed = new Set([...textColumns, ...titleColumns, "id"]);
  const matching = (name: string, form: RegExp) => {
    const value = scalar(record[name]);
    return value !== undefined && form.test(value) ? value : undefined;
  };
  const validFrom = matching("valid_from", dayForm);
  const validUntil = matching("valid_until", dayForm);
  const occurredAt = matching("occurred_at", instantForm);
  return {
    sourceId,
    contentHash: hash,
    title: title ?? sourceId.slice(path.length + 1),
    source: path,
    facets: Object.fromEntries(
      facets.flatMap((name) => {
        const value = scalar(record[name]);
        return value === undefined ? [] : [[name, facetText(name, value)]];
      }),
    ),
    ...(validFrom && { validFrom }),
    ...(validUntil && { validUntil }),
    ...(occurredAt && { occurredAt }),
    metadata: Object.fromEntries(Object.entries(record).filter(([name]) => !placed.has(name))),
    chunks: chunkBlocks(paragraphsOf(text)).chunks,
  };
}

/** Categories are asked for in any case; other facets are compared as they are. */
function facetText(name: string, value: string): string {
  return name === "category" ? value.trim().toLowerCase() : value;
}

function plainLines(record: Fields): string {
  return Object.entries(record)
    .flatMap(([name, value]) => {
      const text = scalar(value);
      return text === undefined ? [] : [`${name}: ${text}`];
    })
    .join("\n");
}

/** A filled text, a number or a truth value as text. */
function scalar(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}
