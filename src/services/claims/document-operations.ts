import * as z from "zod";
import { defineOperation, jsonAnswer, type Operation } from "../operation.ts";
import { Claim, ReplaceDocument } from "./claim-schema.ts";
import { printClaim } from "./claims.ts";
import type { ClaimsContext } from "./context.ts";
import {
  answered,
  bodyRefusals,
  claimParams,
  claimRefusals,
  commonRefusals,
  refused,
} from "./documented.ts";
import { checkNamedDocument } from "./documents/check.ts";
import { replaceDocument } from "./documents/replace.ts";
import { createUploads } from "./documents/upload.ts";
import { viewDocument } from "./documents/view.ts";
import { readId } from "./input.ts";

const Upload = z
  .object({
    document_id: z.string().meta({ format: "uuid" }),
    document_path: z.string(),
    sha256: z.string(),
    file_size_bytes: z.number().int(),
    mime_type: z.string(),
    page_count: z.number().int(),
  })
  .meta({ id: "Upload" });

/** The endpoints of documents. */
export function documentOperations(context: ClaimsContext): Operation[] {
  const { database, settings } = context;
  const { prefix } = settings;
  const takeUpload = createUploads(context);
  const common = { tag: "Documents" };
  const tooMany = refused(429, "Cannot take the file: 8 uploads are under way");
  return [
    defineOperation({
      ...common,
      method: "POST",
      path: `${prefix}/documents`,
      summary: "Upload a document",
      description: "PDF, JPEG, PNG, TIFF, BMP or WebP by its content; a claim then names its path.",
      upload: "The document",
      answers: {
        ...answered(201, "The stored document", Upload),
        ...commonRefusals,
        ...refused(413, "Cannot take the file: it is larger than 10 MB"),
        ...refused(415, "Cannot take the file as PDF, JPEG, PNG, TIFF, BMP or WebP: it is empty"),
        ...tooMany,
      },
      async answer({ request }) {
        return jsonAnswer(201, await takeUpload(request));
      },
    }),
    ...[`${prefix}/documents/:claimId/view`, `${prefix}/claims/documents/:claimId/view`].map(
      (path) =>
        defineOperation({
          ...common,
          method: "GET",
          path,
          summary: "Show a claim's document",
          params: claimParams,
          produces: "the document",
          answers: {
            200: { description: "The PDF or image" },
            ...claimRefusals,
            ...refused(413, "Cannot take the file: it is larger than 10 MB"),
          },
          answer: ({ params }) => viewDocument(context, readId(params.claimId, "claim_id")),
        }),
    ),
    defineOperation({
      ...common,
      method: "POST",
      path: `${prefix}/claims/:claimId/document`,
      summary: "Give a claim another document",
      description: "A claim that waits for information, or has failed, is pending again.",
      params: claimParams,
      body: ReplaceDocument,
      bodyExample: { document_path: "/claim_documents/CLM-2025-0001.pdf" },
      answers: {
        ...answered(200, "The claim", Claim),
        ...claimRefusals,
        ...refused(409, "The claim is being processed"),
        ...bodyRefusals,
      },
      async answer({ params, body }) {
        const claimId = readId(params.claimId, "claim_id");
        const document = await checkNamedDocument(body.document_path, settings);
        const claim = await replaceDocument(database, claimId, document);
        return jsonAnswer(200, printClaim(claim, settings.isDenyShownAsFailed));
      },
    }),
  ];
}
