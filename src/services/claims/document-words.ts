import * as z from "zod";
import type { ToolServer } from "../../agent/toolServer.ts";
import { AppError } from "../../core/fault.ts";
import { defineOperation, jsonAnswer, type Operation } from "../operation.ts";
import { getClaim } from "./claims.ts";
import type { ClaimsContext } from "./context.ts";
import { answered, claimParams, claimRefusals, refused } from "./documented.ts";
import { readId } from "./input.ts";

/** How long reading the words may take, in milliseconds: a scan of fifty pages stays below. */
const readLimitMs = 300_000;

const Word = z.object({ text: z.string(), box: z.array(z.number()).length(4) });
const Page = z.object({
  page: z.number().int(),
  width: z.number(),
  height: z.number(),
  words: z.array(Word),
});
const DocumentWords = z.object({ pages: z.array(Page) }).meta({ id: "DocumentWords" });

/** The words of a claim's document with their places, to be drawn on its pages; read by the OCR server when asked for. */
export function documentWordsOperation(context: ClaimsContext, reader: ToolServer): Operation {
  const { database, settings } = context;
  return defineOperation({
    method: "GET",
    path: `${settings.prefix}/claims/:claimId/document/words`,
    tag: "Documents",
    summary: "List the words of a claim's document with their places",
    params: claimParams,
    answers: {
      ...answered(200, "The words by page; boxes are left, top, right, bottom", DocumentWords),
      ...claimRefusals,
      ...refused(502, "Cannot read the document: no answer"),
    },
    async answer({ request, params }) {
      const claim = await getClaim(database, readId(params.claimId, "claim_id"));
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(readLimitMs)]);
      const args = { document_path: claim.documentPath, output: "words" };
      const answer = await reader.call("ocr_document", args, signal).catch((cause: unknown) => {
        throw new AppError("upstream_invalid", "Cannot read the document: no answer", { cause });
      });
      const read = DocumentWords.safeParse(answer.output);
      if (!answer.isError && read.success) return jsonAnswer(200, read.data);
      throw new AppError(
        "upstream_invalid",
        `Cannot read the document: ${answer.error || "no words"}`,
      );
    },
  });
}
