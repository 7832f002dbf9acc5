import * as z from "zod";
import { defineTool } from "../../src/kit/tool.ts";
import { warningsOf } from "./answer.ts";
import { documentArguments } from "./document-arguments.ts";
import { openDocument } from "./read-document.ts";
import type { Reader } from "./reader.ts";
import { orRefuse } from "./refuse.ts";

/** make_searchable_pdf: the one tool that writes, into the output folder alone. */
export const makeSearchablePdf = defineTool({
  name: "make_searchable_pdf",
  title: "Make a searchable PDF",
  description:
    "Reads a scan or photo and writes a PDF of it whose text can be searched and copied into the server's output folder. " +
    "Pages of a PDF stay as they are; pages of an image are kept in grey. Returns the path of the new file. Call " +
    "ocr_document when only the text is needed.",
  effect: "write",
  input: z.strictObject({
    document_path: documentArguments.document_path,
    document_base64: documentArguments.document_base64,
    language: documentArguments.language,
    output_name: z
      .string()
      .regex(
        /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,150}$/u,
        "expected a name of letters, digits, blanks, dots, hyphens and underscores, without folders",
      )
      .optional()
      .describe(
        "The new file's name without folders; the document's own name with .searchable.pdf when left out.",
      ),
    overwrite: z.boolean().default(false).describe("True replaces a file of that name."),
  }),
  output: z.looseObject({
    success: z.boolean(),
    output_path: z.string(),
    size_bytes: z.int(),
    page_count: z.int(),
    recognized_pages: z
      .int()
      .describe("Pages whose text was recognised; the others had text already."),
    confidence: z.number(),
    warnings: z.array(z.string()),
  }),
  run: async (args, reader: Reader, call) => {
    const name = fileName(args);
    reader.output.check(name, { replace: args.overwrite });
    const { file, document } = await openDocument({ ...args, pages: "" }, reader, call);
    const bytes = await orRefuse(
      args.document_path,
      reader.engine.makeSearchable(file.bytes, document.pages, call.signal),
    );
    const path = reader.output.write(name, bytes, { replace: args.overwrite });
    return {
      success: true,
      output_path: path,
      size_bytes: bytes.length,
      page_count: document.pageCount,
      recognized_pages: document.pages.filter(({ source }) => source === "ocr").length,
      confidence: document.confidence,
      warnings: warningsOf(document, "the others cannot be searched"),
    };
  },
});

function fileName(args: { output_name?: string | undefined; document_path: string }): string {
  const given = args.document_path.split("/").at(-1) ?? "";
  const name = args.output_name ?? `${plainName(given)}.searchable`;
  return /\.pdf$/i.test(name) ? name : `${name}.pdf`;
}

/** A document's name without its ending and without anything that is more than a letter to a file system. */
function plainName(name: string): string {
  const plain = name
    .replace(/\.[a-z0-9]{1,8}$/i, "")
    .replace(/[^\p{L}\p{N} ._-]/gu, "_")
    .replace(/^[^\p{L}\p{N}]+/u, "");
  return plain.slice(0, 100) || "document";
}
