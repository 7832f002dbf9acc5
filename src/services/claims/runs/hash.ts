import { stat } from "node:fs/promises";
import { eq } from "drizzle-orm";
import { claimDocuments } from "../../../../db/claims/tables/claims.ts";
import type { ClaimsContext } from "../context.ts";
import { recogniseKind } from "../documents/kind.ts";
import { findDocument } from "../documents/root.ts";

/**
 * Makes sure that a claim has a row for its document and that the row has the hash of the file as it is: two claims with
 * one document are found by it. A file that is missing is the reader's to report.
 */
export async function hashDocument(
  { database, settings }: ClaimsContext,
  claimId: string,
  documentPath: string,
): Promise<void> {
  const file = await findDocument(settings.documentsRoot, documentPath);
  const size = file === undefined ? 0 : (await stat(file)).size;
  const isReadable = file !== undefined && size <= settings.uploadLimitMb * 1024 * 1024;
  const bytes = isReadable ? await Bun.file(file).bytes() : undefined;
  const found = bytes && {
    sha256: new Bun.CryptoHasher("sha256").update(bytes).digest("hex"),
    fileSizeBytes: bytes.length,
    mimeType: recogniseKind(bytes)?.mimeType ?? null,
  };
  const { queries, run } = database;
  await run(() =>
    queries
      .insert(claimDocuments)
      .values({ claimId, documentPath, ...found })
      .onConflictDoUpdate({
        target: claimDocuments.claimId,
        set: { ...(found ?? { documentPath }) },
        setWhere: eq(claimDocuments.documentPath, documentPath),
      }),
  );
}
