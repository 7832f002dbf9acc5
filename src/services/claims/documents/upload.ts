import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { documentUploads } from "../../../../db/claims/tables/claims.ts";
import { AppError } from "../../../core/fault.ts";
import type { ClaimsContext } from "../context.ts";
import { invalidInput } from "../failure.ts";
import { type CheckedDocument, checkDocument, tooLargeFile } from "./check.ts";

/** Where uploads are kept below the document root, and where they are until they are whole. */
const folder = "uploads";
const incoming = join(folder, ".incoming");
/** What a form may be larger than its file, in bytes: boundaries and headers. */
const formAllowanceBytes = 64 * 1024;
/** The most uploads that are read at once; each is in memory while it is checked. */
const uploadLimitCount = 8;
/** How much of a field's name is repeated, in UTF-16 units. */
const nameLimit = 80;
/** After how long an unfinished file is left over from a process that ended, in milliseconds. */
const leftOverMs = 3_600_000;

/** A stored upload as answers print it. */
export interface Upload {
  document_id: string;
  document_path: string;
  sha256: string;
  file_size_bytes: number;
  mime_type: string;
  page_count: number;
}

/**
 * Takes an upload: read within the limit, judged by its content, written beside its place and renamed into it. What is
 * answered is on the disk and in the database; what is refused leaves nothing.
 * @throws AppError `too_large`, `unsupported_media_type`, `invalid_input`, or `too_busy`.
 */
export function createUploads(context: ClaimsContext): (request: Request) => Promise<Upload> {
  let underWay = 0;
  return async (request) => {
    if (underWay >= uploadLimitCount) {
      throw new AppError("too_busy", `Cannot take the file: ${underWay} uploads are under way`);
    }
    underWay++;
    try {
      const { bytes, said } = await readFile(request, context.settings.uploadLimitMb);
      const document = await checkDocument(bytes, context.settings);
      for (const type of said) requireHonestType(type, document);
      return await store(context, bytes, document);
    } finally {
      underWay--;
    }
  };
}

/** The file's content, and the types that the form's part and the file's name say it has. */
async function readFile(
  request: Request,
  limitMb: number,
): Promise<{ bytes: Buffer; said: readonly string[] }> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^multipart\/form-data\s*;/i.test(type)) {
    throw new AppError("unsupported_media_type", `Content-Type '${type}' is not a form`);
  }
  const bytes = await readWithin(request, limitMb);
  const form = await new Response(bytes, { headers: { "content-type": type } })
    .formData()
    .catch(() => undefined);
  const file = form?.get("file");
  if (form && file instanceof File) {
    refuseOtherFiles(form);
    const content = Buffer.from(await file.arrayBuffer());
    return { bytes: content, said: [typeOfPart(bytes), file.type] };
  }
  const problem = form ? "the form has no file" : "not a form";
  throw invalidInput(["body", "file"], problem, form ? "missing" : "form_invalid");
}

/** What is left out in silence is missed when it is too late: a claim has one document. */
function refuseOtherFiles(form: FormData): void {
  const isFile = (value: unknown) => value instanceof File;
  const fields = [...new Set(form.keys())].filter((field) => form.getAll(field).some(isFile));
  const other = fields.find((field) => field !== "file") ?? "file";
  if (other === "file" && form.getAll("file").filter(isFile).length < 2) return;
  const name = other.slice(0, nameLimit);
  const problem = `Cannot take the form: field ${JSON.stringify(name)} holds another file; send one, as "file"`;
  throw invalidInput(["body", name], problem, "too_many_files");
}

/** Bun's forms tell the type that the file's name suggests and leave the part's own header out. */
function typeOfPart(form: Buffer): string {
  const start = form.indexOf('name="file"');
  const head = form.subarray(Math.max(start, 0), form.indexOf("\r\n\r\n", Math.max(start, 0)));
  return /\r\ncontent-type:\s*([^\r\n]*)/i.exec(head.toString("latin1"))?.[1] ?? "";
}

/** Stops reading where the limit is: a file of 200 MB is refused without being taken in. */
async function readWithin(request: Request, limitMb: number): Promise<Buffer<ArrayBuffer>> {
  const limitBytes = limitMb * 1024 * 1024 + formAllowanceBytes;
  if (Number(request.headers.get("content-length") ?? 0) > limitBytes) throw tooLargeFile(limitMb);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > limitBytes) throw tooLargeFile(limitMb);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** Refuses a file that says it is another kind of document than it is; types of no document say nothing. */
function requireHonestType(type: string, { kind }: CheckedDocument): void {
  const said = type.split(";")[0]?.trim().toLowerCase() ?? "";
  const isSilent = !/^(image|text)\/|^application\/pdf$/.test(said);
  const known = said
    .replace(/^image\/jpg$/, "image/jpeg")
    .replace(/^image\/x-ms-bmp$/, "image/bmp");
  if (isSilent || known === kind.mimeType) return;
  throw new AppError(
    "unsupported_media_type",
    `Cannot take the file: it says that it is ${JSON.stringify(said.slice(0, 80))} and is ${kind.mimeType}`,
  );
}

async function store(
  { settings, database }: ClaimsContext,
  bytes: Buffer,
  { kind, ...document }: CheckedDocument,
): Promise<Upload> {
  const id = crypto.randomUUID();
  const name = `${id}.${kind.extension}`;
  const place = join(settings.documentsRoot, folder, name);
  await writeWhole(join(settings.documentsRoot, incoming, name), place, bytes);
  const documentPath = `/claim_documents/${folder}/${name}`;
  const { queries, run } = database;
  const values = { id, documentPath, mimeType: kind.mimeType, ...document };
  // A file that nobody was told about is of no use.
  await run(() => queries.insert(documentUploads).values(values)).catch(async (error: unknown) => {
    await rm(place, { force: true });
    throw error;
  });
  return {
    document_id: id,
    document_path: documentPath,
    sha256: document.sha256,
    file_size_bytes: document.fileSizeBytes,
    mime_type: kind.mimeType,
    page_count: document.pageCount,
  };
}

/** The file appears under its name when all of it is on the disk, or not at all. */
async function writeWhole(temporary: string, place: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(temporary), { recursive: true });
  try {
    const file = await open(temporary, "wx", 0o640);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, place);
    await syncFolder(dirname(place));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The name is in the folder's own data. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes what earlier processes did not finish; files of the present are younger. */
export async function removeLeftOvers(documentsRoot: string): Promise<void> {
  const path = join(documentsRoot, incoming);
  const names = await readdir(path).catch(() => []);
  for (const name of names) {
    const file = join(path, name);
    const age =
      Date.now() -
      (await stat(file).then(
        ({ mtimeMs }) => mtimeMs,
        () => Date.now(),
      ));
    if (age > leftOverMs) await rm(file, { force: true });
  }
}
