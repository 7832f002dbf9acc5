import * as z from "zod";
import type { StepOutput } from "../../../agent/port.ts";

const share = z.number().min(0).max(1);

/** The part of ocr_document's result that is kept; what does not fit is left out, so that the gate finds it missing. */
const OcrOutput = z.object({
  raw_text: z.string(),
  confidence: share.nullable().catch(null),
  page_count: z.int().min(1).optional().catch(undefined),
  pages: z.array(z.record(z.string(), z.unknown())).catch([]),
  language: z.string().max(32).nullable().catch(null),
  fields: z.record(z.string(), z.unknown()).catch({}),
  warnings: z.array(z.string()).catch([]),
});

/** PostgreSQL has no place for NUL, neither in text nor in jsonb. */
const withoutNul = (text: string) => text.replaceAll("\0", "");

/** The columns of claim_documents that a result of ocr_document fills; undefined when there is no text in it. */
export function readExtraction(output: StepOutput) {
  const parsed = OcrOutput.safeParse(output);
  if (!parsed.success) return undefined;
  const { raw_text, confidence, page_count, pages, language, fields, warnings } = parsed.data;
  return {
    rawOcrText: withoutNul(raw_text),
    ocrConfidence: confidence,
    ...(page_count !== undefined && { pageCount: page_count }),
    pages,
    language,
    structuredData: fields,
    warnings,
  };
}
