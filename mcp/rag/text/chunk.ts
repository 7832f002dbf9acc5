import type { Language, NewChunk } from "../store/port.ts";
import type { Block } from "./extracted.ts";
import { detectLanguage } from "./language.ts";

/** How long a chunk is meant to be, in UTF-16 units: some 200 words, one thought and what stands around it. */
const targetUnits = 1_200;
/** A sentence longer than this is cut between words, and within one that has none. */
const sentenceUnits = 1_000;
/** How much of a chunk's end the next one of the same section repeats. */
const overlapUnits = 200;
/** A longer table is divided between rows; each part begins with the table's first row. */
const tableUnits = 6_000;
/** Chunks of one document at most, as the store takes them. */
export const chunksLimit = 20_000;

/** A document's text as it is divided, with its chunks; their offsets are places in the text. */
export interface ChunkedText {
  text: string;
  chunks: Omit<NewChunk, "vector">[];
  /** True when the document has more chunks than the store takes; the rest is left out. */
  isCut: boolean;
}

/** A piece that is never divided further: a sentence, or a table or a part of one. */
interface Piece {
  start: number;
  end: number;
  beginsBlock: boolean;
  isTable: boolean;
  page: number | undefined;
  /** What stands above a part of a table, and is no part of the text. */
  prefix?: string;
}

/** What stands under one heading. */
interface Section {
  headings: readonly string[];
  pieces: Piece[];
}

/**
 * Divides a document by its structure: a heading begins a chunk, paragraphs and sentences stay whole, so do tables, and
 * chunks of one section overlap by whole sentences.
 */
export function chunkBlocks(blocks: readonly Block[]): ChunkedText {
  const { text, sections } = layOut(blocks);
  const whole = languageOf(text);
  const chunks: ChunkedText["chunks"] = [];
  for (const section of sections) {
    for (const pieces of divide(section.pieces)) {
      const [first, last] = [pieces[0], pieces.at(-1)];
      if (!first || !last) continue;
      const own = (first.prefix ?? "") + text.slice(first.start, last.end);
      const language = languageOf(own);
      chunks.push({
        text: own,
        headings: section.headings,
        language: language === "other" ? whole : language,
        startOffset: first.start,
        endOffset: last.end,
        ...(first.page !== undefined && { page: first.page }),
      });
    }
  }
  return { text, chunks: chunks.slice(0, chunksLimit), isCut: chunks.length > chunksLimit };
}

function languageOf(text: string): Language {
  return detectLanguage(text) ?? "other";
}

/** Joins the blocks to one text and sorts their pieces under their headings. */
function layOut(blocks: readonly Block[]): { text: string; sections: Section[] } {
  let text = "";
  const path: { level: number; text: string }[] = [];
  const sections: Section[] = [{ headings: [], pieces: [] }];
  for (const [at, block] of blocks.entries()) {
    const start = text.length;
    text += `${block.text}\n\n`;
    if (block.kind === "heading") {
      const level = block.level ?? 1;
      while ((path.at(-1)?.level ?? 0) >= level) path.pop();
      path.push({ level, text: block.text });
      sections.push({ headings: path.map((heading) => heading.text), pieces: [] });
      // A heading with nothing under it would be lost: it is its own chunk.
      if (hasText(blocks[at + 1], level)) continue;
    }
    const pieces =
      block.kind === "table" ? tablePieces(block, start) : sentencePieces(block, start);
    sections.at(-1)?.pieces.push(...pieces);
  }
  return { text: text.trimEnd(), sections };
}

function hasText(next: Block | undefined, level: number): boolean {
  return next !== undefined && (next.kind !== "heading" || (next.level ?? 1) > level);
}

function tablePieces({ text, page }: Block, start: number): Piece[] {
  const whole = { start, end: start + text.length, beginsBlock: true, isTable: true, page };
  if (text.length <= tableUnits) return [whole];
  const head = text.slice(0, Math.min(text.indexOf("\n"), sentenceUnits));
  const pieces: Piece[] = [];
  for (const row of splitAfter(text, /\n/g, tableUnits - head.length)) {
    const last = pieces.at(-1);
    const end = start + row.end;
    if (last && end - last.start <= tableUnits - head.length) last.end = end;
    else
      pieces.push({
        ...whole,
        start: start + row.start,
        end,
        ...(last && { prefix: `${head}\n` }),
      });
  }
  return pieces;
}

function sentencePieces({ text, page }: Block, start: number): Piece[] {
  return splitAfter(text, /[.!?…]["»”')\]]*\s+|\n/g, sentenceUnits).map((part, at) => ({
    start: start + part.start,
    end: start + part.end,
    beginsBlock: at === 0,
    isTable: false,
    page,
  }));
}

/** Divides after each match; a part that is longer than `limit` is cut at its blanks, or at the limit. */
function splitAfter(text: string, mark: RegExp, limit: number): { start: number; end: number }[] {
  const parts: { start: number; end: number }[] = [];
  const add = (from: number, to: number) => {
    let start = from;
    while (to - start > limit) {
      const blank = text.lastIndexOf(" ", start + limit);
      const end = blank > start + limit / 2 ? blank + 1 : wholeCharacter(text, start + limit);
      parts.push({ start, end });
      start = end;
    }
    if (start < to) parts.push({ start, end: to });
  };
  let from = 0;
  for (const found of text.matchAll(mark)) {
    const to = found.index + found[0].length;
    add(from, to);
    from = to;
  }
  add(from, text.length);
  return parts;
}

/** Never cuts a character of two units. */
function wholeCharacter(text: string, at: number): number {
  return /[\udc00-\udfff]/.test(text.charAt(at)) ? at - 1 : at;
}

/** Packs pieces into chunks; each chunk after the first begins with the last sentences of the one before. */
function divide(pieces: readonly Piece[]): Piece[][] {
  const chunks: Piece[][] = [];
  let current: Piece[] = [];
  for (const [at, piece] of pieces.entries()) {
    if (current.length > 0 && !fits(current, piece, pieces.slice(at + 1, at + 60))) {
      chunks.push(current);
      current = piece.prefix === undefined ? overlapOf(current, piece) : [];
    }
    current.push(piece);
  }
  if (current.length > 0) chunks.push(current);
  return chunks;
}

function fits(current: readonly Piece[], piece: Piece, following: readonly Piece[]): boolean {
  const start = current[0]?.start ?? 0;
  if (piece.prefix !== undefined || piece.end - start > targetUnits) return false;
  if (!piece.beginsBlock || piece.start - start < targetUnits / 2) return true;
  // From half a chunk on, a paragraph that would be divided begins the next one.
  const next = following.findIndex(({ beginsBlock }) => beginsBlock);
  const end = following[(next < 0 ? following.length : next) - 1]?.end ?? piece.end;
  return end - start <= targetUnits;
}

function overlapOf(pieces: readonly Piece[], next: Piece): Piece[] {
  const kept: Piece[] = [];
  for (const piece of pieces.toReversed()) {
    const isWhole = kept.length + 1 === pieces.length;
    if (piece.isTable || isWhole || next.start - piece.start > overlapUnits) break;
    kept.unshift(piece);
  }
  return kept;
}
