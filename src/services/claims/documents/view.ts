import { readFile, stat } from "node:fs/promises";
import { AppError } from "../../../core/fault.ts";
import { getClaim } from "../claims.ts";
import type { ClaimsContext } from "../context.ts";
import { tooLargeFile } from "./check.ts";
import { recogniseKind } from "./kind.ts";
import { findDocument } from "./root.ts";

/**
 * A claim's document, to be shown where it is. Its kind is what its content is, and browsers are told not to guess.
 * @throws AppError `not_found` for the claim, the document or its file, `too_large` beyond the upload limit.
 */
export async function viewDocument(
  { database, settings }: ClaimsContext,
  claimId: string,
): Promise<Response> {
  const claim = await getClaim(database, claimId);
  const file = await findDocument(settings.documentsRoot, claim.documentPath);
  const status = file === undefined ? undefined : await stat(file);
  if (file === undefined || !status?.isFile()) throw unknownDocument();
  if (status.size > settings.uploadLimitMb * 1024 * 1024) {
    throw tooLargeFile(settings.uploadLimitMb);
  }
  const bytes = await readFile(file);
  const kind = recogniseKind(bytes);
  if (kind === undefined) throw unknownDocument();
  const name = claim.claimNumber.replace(/[^\w.-]/g, "_");
  return new Response(bytes, {
    headers: {
      "content-type": kind.mimeType,
      "content-disposition": `inline; filename="${name}.${kind.extension}"`,
      "x-content-type-options": "nosniff",
      "cache-control": "private, no-store",
    },
  });
}

function unknownDocument(): AppError {
  return new AppError("not_found", "Document not found");
}
