/**
 * What every answer of a page carries. Scripts and styles come from the page's own files and from nowhere else; none is
 * written into the document. `wasm-unsafe-eval` lets the document viewer compile PDFium and allows no script to be made
 * from text; `blob:` is where documents are that the page has fetched with its token.
 */
export const pageHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
};

/** Whether a request is a browser's for a page, rather than a program's for JSON. */
export function wantsPage(request: Request): boolean {
  return /\btext\/html\b/.test(request.headers.get("accept") ?? "");
}
