import { openStore } from "../mcp/rag/store/open.ts";
import { createVectors } from "../tools/bench/rag-data.ts";

/** What a killed program left, as it should be: no problems, nothing lost, searchable. */
export interface Left {
  problems: string[];
  /** Documents that were told as written and are missing, or the other way round. */
  lost: string[];
  isSearchable: boolean;
}

/** One line of rag-writer.ts. */
interface Line {
  turn?: number;
  put?: Record<string, string>;
  gone?: string;
  reembedded?: string;
}

/** Compares an index with what its writer told before it was killed; `goesOn` finishes what was cut off as well. */
export async function inspectWritten(
  file: string,
  lines: readonly Line[],
  { dimensions, goesOn }: { dimensions: number; goesOn: boolean },
): Promise<Left> {
  const store = await openStore(file);
  const sources = await store.listSources("c");
  const cursor = await store.readCursor("turn");
  const model = await store.readModelId();
  // The last transaction may have been written without having been told; then the cursor has moved on.
  const isAhead =
    cursor !== undefined && Number(cursor) !== lines.findLast(({ turn }) => turn)?.turn;
  const differing = [...expectedOf(lines)].filter(([source, hash]) => sources.get(source) !== hash);
  // One that was not told may have replaced five documents and deleted one.
  const isLost =
    differing.length > (isAhead ? 5 : 1) ||
    (lines.some(({ reembedded }) => reembedded) && model === "m0");
  const { problems } = await store.verify();
  const query = createVectors("uniform", { rows: 1, dimensions, seed: 1 })();
  const found = await store.searchVectors("c", query, { limit: 1 });
  const after = goesOn ? await store.maintain().then(() => store.verify()) : { problems: [] };
  await store.close();
  return {
    problems: [...problems, ...after.problems],
    lost: isLost ? differing.map(([source]) => source) : [],
    isSearchable: found.length === 1 || sources.size === 0,
  };
}

/** The content hash of every document that was put, as it was told last; undefined for one that was deleted since. */
function expectedOf(lines: readonly Line[]): Map<string, string | undefined> {
  const expected = new Map<string, string | undefined>();
  for (const { put, gone } of lines) {
    for (const [source, hash] of Object.entries(put ?? {})) expected.set(source, hash);
    if (gone !== undefined) expected.set(gone, undefined);
  }
  return expected;
}

/** The JSON lines of a stream; a last one that was cut off is left out. */
export function readLines(stream: ReadableStream<Uint8Array>): {
  first: Promise<void>;
  all: Promise<Line[]>;
} {
  const first = Promise.withResolvers<void>();
  const all = (async () => {
    const decoder = new TextDecoder();
    let text = "";
    for await (const part of stream) {
      text += decoder.decode(part, { stream: true });
      if (text.includes("\n")) first.resolve();
    }
    first.resolve();
    return text
      .split("\n")
      .slice(0, -1)
      .map((line): Line => JSON.parse(line));
  })();
  return { first: first.promise, all };
}
