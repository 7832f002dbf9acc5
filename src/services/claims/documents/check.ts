import { readFile, stat } from "node:fs/promises";
import { AppError } from "../../../core/fault.ts";
import { invalidInput } from "../failure.ts";
import type { ClaimsSettings } from "../settings.ts";
import { inspectImage } from "./image.ts";
import { type DocumentKind, recogniseKind } from "./kind.ts";
import { inspectPdf } from "./pdf.ts";
import { findDocument } from "./root.ts";

/** A document whose content has been checked. */
export interface CheckedDocument {
  kind: DocumentKind;
  sha256: string;
  fileSizeBytes: number;
  pageCount: number;
}

/** A checked document under its path. */
export interface StoredDocument extends Omit<CheckedDocument, "kind"> {
  documentPath: string;
  mimeType: string;
}

/**
 * Judges a document by its content.
 * @throws AppError `unsupported_media_type` for what is no document, `too_large` for one beyond the limits,
 * `invalid_input` for one that nobody could read.
 */
export async function checkDocument(
  bytes: Buffer,
  settings: Pick<ClaimsSettings, "uploadLimitMb" | "pageLimit">,
): Promise<CheckedDocument> {
  const { uploadLimitMb, pageLimit } = settings;
  if (bytes.length > uploadLimitMb * 1024 * 1024) throw tooLargeFile(uploadLimitMb);
  const kind = recogniseKind(bytes);
  if (kind === undefined) {
    const state = bytes.length === 0 ? "it is empty" : "its content is none of these";
    throw new AppError(
      "unsupported_media_type",
      `Cannot take the file as PDF, JPEG, PNG, TIFF, BMP or WebP: ${state}`,
    );
  }
  const isPdf = kind.mimeType === "application/pdf";
  const finding = isPdf ? await inspectPdf(bytes) : inspectImage(kind.mimeType, bytes);
  if ("problem" in finding) {
    const message = `Cannot take the file: ${finding.problem}`;
    if (finding.isTooLarge) throw new AppError("too_large", message);
    throw invalidInput(["body", "file"], message, "document_unreadable");
  }
  if (finding.pageCount > pageLimit) {
    const state = `it has ${finding.pageCount} pages, more than ${pageLimit}`;
    throw new AppError("too_large", `Cannot take the file: ${state}`);
  }
  const sha256 = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
  return { kind, sha256, fileSizeBytes: bytes.length, pageCount: finding.pageCount };
}

export function tooLargeFile(limitMb: number): AppError {
  return new AppError("too_large", `Cannot take the file: it is larger than ${limitMb} MB`);
}

/**
 * Checks the file that a claim names.
 * @throws AppError `invalid_input` when there is none inside the document root, and what `checkDocument` throws.
 */
export async function checkNamedDocument(
  path: string,
  settings: ClaimsSettings,
): Promise<StoredDocument> {
  const file = await findDocument(settings.documentsRoot, path);
  const status = file === undefined ? undefined : await stat(file);
  if (file === undefined || !status?.isFile()) {
    throw invalidInput(["body", "document_path"], "No such document", "unknown_document");
  }
  if (status.size > settings.uploadLimitMb * 1024 * 1024)
    throw tooLargeFile(settings.uploadLimitMb);
  const { kind, ...checked } = await checkDocument(await readFile(file), settings);
  return { ...checked, documentPath: path, mimeType: kind.mimeType };
}
