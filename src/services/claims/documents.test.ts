import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { openTestClaims, samplePdf, type TestClaims } from "../../../tests/claims.ts";

let claims: TestClaims;
beforeAll(async () => {
  claims = await openTestClaims({ MAX_UPLOAD_SIZE_MB: "2", MAX_PDF_PAGES: "5" });
}, 60_000);
afterAll(() => claims.close());

function upload(content: string | Uint8Array<ArrayBuffer>, type = "") {
  const body = new FormData();
  body.set("file", new File([content], "document", { type }));
  return claims.send("POST", "/api/v1/documents", { body });
}

const stored = () => {
  const folder = join(claims.documents, "uploads");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
};

const bytes = (...parts: (number[] | string)[]) =>
  new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string, "latin1"))));
const big = (value: number) => [
  value >>> 24,
  (value >>> 16) & 255,
  (value >>> 8) & 255,
  value & 255,
];
const little = (value: number) => big(value).reverse();

const png = (width: number, height: number) =>
  bytes(
    [137, 80, 78, 71, 13, 10, 26, 10],
    [0, 0, 0, 13],
    "IHDR",
    big(width),
    big(height),
    [8, 0, 0, 0, 0],
  );
const jpeg = bytes(
  [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0],
  [0xff, 0xc0, 0, 11, 8, 0, 20, 0, 10, 1, 0, 0, 0],
);
const bmp = bytes(
  "BM",
  little(60),
  little(0),
  little(54),
  little(40),
  little(3),
  little(4),
  little(0),
);
const webp = bytes("RIFF", little(30), "WEBPVP8X", little(10), little(0), [9, 0, 0], [19, 0, 0]);
/** Two pages of 2 by 3 pixels each, in directories at 8 and 38. */
const directory = (next: number) =>
  [
    [2, 0],
    [0, 1, 4, 0, ...little(1), ...little(2)],
    [1, 1, 4, 0, ...little(1), ...little(3)],
    little(next),
  ].flat();
const tiff = bytes("II*\0", little(8), directory(38), directory(0));

function pdfOfPages(count: number): string {
  const pages = Array.from(
    { length: count },
    (_, n) => `${n + 3} 0 obj << /Type /Page >> endobj\n`,
  );
  return `%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\n${pages.join("")}%%EOF`;
}

/** A PDF with one compressed stream. */
function pdfWith(dictionary: string, stream: Buffer): Uint8Array<ArrayBuffer> {
  const head = `${samplePdf()}9 0 obj << ${dictionary} /Length ${stream.length} >> stream\n`;
  return new Uint8Array(
    Buffer.concat([Buffer.from(head), stream, Buffer.from("\nendstream endobj\n")]),
  );
}

describe("an upload", () => {
  test.each([
    ["a PDF", samplePdf("one"), "application/pdf", "application/pdf", 1],
    ["a PDF without a type", samplePdf("two"), "", "application/pdf", 1],
    ["a PDF of five pages", pdfOfPages(5), "application/pdf", "application/pdf", 5],
    [
      "a PDF with its pages in an object stream",
      pdfWith(
        "/Type /ObjStm /Filter /FlateDecode",
        deflateSync("<< /Type /Page >> << /Type/Page >>"),
      ),
      "application/pdf",
      "application/pdf",
      3,
    ],
    ["a PNG", png(600, 800), "image/png", "image/png", 1],
    ["a JPEG", jpeg, "image/jpg", "image/jpeg", 1],
    ["a BMP", bmp, "image/x-ms-bmp", "image/bmp", 1],
    ["a WebP", webp, "image/webp", "image/webp", 1],
    ["a TIFF of two pages", tiff, "application/octet-stream", "image/tiff", 2],
  ] as const)("of %s is stored whole", async (_, content, type, mimeType, pages) => {
    const { status, json } = await upload(content as string, type);
    expect([status, json]).toEqual([
      201,
      {
        document_id: expect.any(String),
        document_path: expect.stringMatching(/^\/claim_documents\/uploads\/[0-9a-f-]+\.\w+$/),
        sha256: new Bun.CryptoHasher("sha256").update(content as string).digest("hex"),
        file_size_bytes: Buffer.byteLength(content as string),
        mime_type: mimeType,
        page_count: pages,
      },
    ]);
    const file = join(claims.documents, json.document_path.replace("/claim_documents", ""));
    expect(readFileSync(file).equals(Buffer.from(content as string))).toBe(true);
  });

  const zeros = Buffer.alloc(150 * 1024 * 1024);
  test.each([
    ["an empty file", "", "application/pdf", 415],
    ["a text that calls itself a PDF", "hello", "application/pdf", 415],
    ["a program", "MZ\0\0", "", 415],
    ["a ZIP with a PDF in it", `PK\x03\x04${samplePdf()}`, "application/pdf", 415],
    ["a PNG that says it is a PDF", png(1, 1), "application/pdf", 415],
    ["a page", "<html><script>alert(1)</script></html>", "image/png", 415],
    ["three megabytes", new Uint8Array(3 * 1024 * 1024), "application/pdf", 413],
    ["200 MB", new Uint8Array(200 * 1024 * 1024), "application/pdf", 413],
    ["a PDF of 10,000 pages", pdfOfPages(10_000), "application/pdf", 413],
    ["a PDF that expands to 150 MB", pdfWith("/Filter /FlateDecode", deflateSync(zeros)), "", 413],
    [
      "a PDF compressed twice",
      pdfWith("/Filter [/FlateDecode /FlateDecode]", deflateSync(deflateSync("x"))),
      "",
      422,
    ],
    ["an encrypted PDF", `${samplePdf()}trailer << /Encrypt 5 0 R >>`, "", 422],
    ["a PDF without pages", "%PDF-1.4\n%%EOF", "", 422],
    ["a PNG of ten billion pixels", png(100_000, 100_000), "image/png", 413],
    ["half a PNG", png(1, 1).slice(0, 12), "image/png", 422],
    ["a TIFF whose pages go round in a circle", bytes("II*\0", little(8), directory(8)), "", 422],
  ] as const)(
    "of %s is refused and leaves nothing",
    async (_, content, type, status) => {
      const before = stored();
      const answer = await upload(content as string, type);
      const detail = answer.json.detail?.[0]?.msg ?? answer.json.detail;
      expect([answer.status, detail]).toEqual([
        status,
        expect.stringMatching(/^Cannot take the file/),
      ]);
      expect(stored()).toEqual(before);
    },
    20_000,
  );

  test.each([
    ["no form", "x", "text/plain", 415],
    ["a form without its end", "--x\r\n", "multipart/form-data; boundary=x", 422],
    ["a form without a file", "--x--\r\n", "multipart/form-data; boundary=x", 422],
  ])("of %s is refused", async (_, body, type, status) => {
    const headers = { "content-type": type };
    expect((await claims.send("POST", "/api/v1/documents", { body, headers })).status).toBe(status);
  });

  test("without an announced length is cut off at the limit", async () => {
    const chunk = new Uint8Array(256 * 1024);
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += chunk.length;
        controller.enqueue(chunk);
        if (sent > 100 * 1024 * 1024) controller.close();
      },
    });
    const headers = { "content-type": "multipart/form-data; boundary=x" };
    const request = fetch(`${claims.url}/api/v1/documents`, {
      method: "POST",
      headers,
      body: endless,
    });
    // The server may close the connection before its answer has been read.
    const status = await request.then(
      (response) => response.status,
      () => 413,
    );
    expect([status, sent < 100 * 1024 * 1024]).toEqual([413, true]);
  });
});

describe("a claim's document", () => {
  test("is shown as what it is, under both paths", async () => {
    const id = await claims.claimId("2025-0001");
    for (const path of [`/api/v1/documents/${id}/view`, `/api/v1/claims/documents/${id}/view`]) {
      const { status, headers, text } = await claims.send("GET", path);
      expect([
        status,
        headers.get("content-type"),
        headers.get("content-disposition"),
        text,
      ]).toEqual([
        200,
        "application/pdf",
        'inline; filename="CLM-2025-0001.pdf"',
        samplePdf("CLM-2025-0001"),
      ]);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
  });

  test("is not found when its file is gone, too large or none", async () => {
    const id = await claims.claimId("2025-0002");
    const view = async () => (await claims.send("GET", `/api/v1/documents/${id}/view`)).status;
    const file = join(claims.documents, "CLM-2025-0002.pdf");
    writeFileSync(file, "no document");
    expect(await view()).toBe(404);
    writeFileSync(file, new Uint8Array(3 * 1024 * 1024));
    expect(await view()).toBe(413);
    await claims.sql`update claims set document_path = '/claim_documents/gone.pdf' where id = ${id}`;
    expect(await view()).toBe(404);
    await claims.sql`update claims set document_path = '/etc/hostname' where id = ${id}`;
    expect(await view()).toBe(404);
  });

  test.each([
    ["pending", 200, "pending"],
    ["failed", 200, "pending"],
    ["pending_info", 200, "pending"],
    ["manual_review", 200, "manual_review"],
    ["processing", 409, "processing"],
    ["completed", 409, "completed"],
  ])("can be replaced: %s answers %i", async (before, status, after) => {
    const id = await claims.claimId("2025-0003");
    await claims.sql`update claims set status = ${before} where id = ${id}`;
    const { json: uploaded } = await upload(samplePdf(before));
    const body = { document_path: uploaded.document_path };
    const answer = await claims.send("POST", `/api/v1/claims/${id}/document`, { body });
    const { json: claim } = await claims.send("GET", `/api/v1/claims/${id}`);
    expect([answer.status, claim.status]).toEqual([status, after]);
    const [row] = await claims.sql`select sha256 from claim_documents where claim_id = ${id}`;
    expect(row?.sha256 === uploaded.sha256).toBe(status === 200);
  });
});
