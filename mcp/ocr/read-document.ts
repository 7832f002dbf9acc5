import type { ToolCall } from "../../src/kit/tool.ts";
import {
  describeFields,
  describePage,
  describeWord,
  round,
  warningsOf,
  withHeadings,
} from "./answer.ts";
import { chooseLanguages } from "./choose-languages.ts";
import type { ReadArguments } from "./document-arguments.ts";
import type { DocumentFile } from "./documents.ts";
import type { DocumentText } from "./engine/engine.ts";
import { findFields } from "./engine/fields.ts";
import { textOfWords } from "./engine/layout.ts";
import { markdownOfPages } from "./engine/markdown.ts";
import type { PageText } from "./engine/model.ts";
import { readInline } from "./inline-document.ts";
import type { Reader } from "./reader.ts";
import { orRefuse, refuse } from "./refuse.ts";

/** Reads a document and forms the answer of ocr_document. */
export async function readDocument(
  args: ReadArguments,
  reader: Reader,
  call: ToolCall,
): Promise<Record<string, unknown>> {
  const startedMs = performance.now();
  const { file, document } = await openDocument(args, reader, call);
  const pages = document.pages.map((page) => withoutDoubtful(page, args.min_confidence));
  const text = args.output === "markdown" ? markdownOfPages(pages) : withHeadings(pages);
  const part = cut(text, args);
  const wantsFields = args.extract_structured || args.output === "fields";
  const languages = new Set(pages.map(({ language }) => language).filter(Boolean));
  return {
    success: true,
    raw_text: part.text,
    confidence: document.confidence,
    processing_time_seconds: round((performance.now() - startedMs) / 1000, 3),
    statistics: {
      word_count: pages.reduce((sum, { words }) => sum + words.length, 0),
      character_count: text.length,
    },
    file_info: {
      name: file.name,
      extension: /\.[a-z0-9]{1,8}$/i.exec(file.name)?.[0].toLowerCase() ?? "",
      size_bytes: file.bytes.length,
      format: document.format,
      sha256: document.sha256,
    },
    page_count: document.pageCount,
    pages: pages.map((page) => ({
      ...describePage(page),
      ...(args.output === "words" && { words: page.words.map(describeWord) }),
    })),
    language: [...languages].sort().join("+"),
    document_type: args.document_type,
    fields: wantsFields ? describeFields(findFields(pages)) : {},
    warnings: warningsOf(document, "ask for the others with pages"),
    next_cursor: part.next,
  };
}

/** Reads the pages that the arguments name. */
export async function openDocument(
  args: Pick<ReadArguments, "document_path" | "document_base64" | "language" | "pages">,
  { engine, documents, languages }: Reader,
  { signal, progress }: ToolCall,
): Promise<{ file: DocumentFile; document: DocumentText }> {
  const { document_path: path, document_base64: base64 } = args;
  const wanted = chooseLanguages({ document: path, language: args.language }, languages);
  const heldBytes = base64?.length ?? 0;
  if (engine.isFull(heldBytes))
    refuse("too_busy", path, "too many documents are waiting", "Try again later.");
  return engine.admit({ signal, heldBytes }, async () => {
    const file = base64 === undefined ? documents.read(path) : readInline(path, base64);
    const request = {
      bytes: file.bytes,
      languages: wanted,
      pages: args.pages,
      signal,
      onPage: (done: number, total: number) => {
        if (done > 0) progress(done, total, `${done} of ${total} pages read`);
      },
    };
    return { file, document: await orRefuse(path, engine.read(request)) };
  });
}

function withoutDoubtful(page: PageText, least: number): PageText {
  if (least === 0) return page;
  const words = page.words.filter(({ confidence }) => confidence >= least);
  return { ...page, words, text: textOfWords(words) };
}

/** One part of a long text, and where the next one starts; parts end between characters, not inside one. */
function cut(
  text: string,
  { cursor, max_chars, document_path }: ReadArguments,
): { text: string; next: string | null } {
  const start = cursor === undefined ? 0 : Number(/^from-(\d{1,12})$/.exec(cursor)?.[1]);
  if (!(start >= 0 && start <= text.length))
    refuse("invalid_input", document_path, `${JSON.stringify(cursor)} is no cursor of it`);
  let end = Math.min(text.length, start + max_chars);
  if (end < text.length && /[\ud800-\udbff]/.test(text[end - 1] ?? "")) end++;
  return { text: text.slice(start, end), next: end < text.length ? `from-${end}` : null };
}
