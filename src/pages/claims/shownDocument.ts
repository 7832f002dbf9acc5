import { useEffect } from "react";
import { send } from "../ui/api.ts";
import { type Loaded, useLoad } from "../ui/load.ts";
import { api } from "./service.ts";

/** One page that can be shown: a picture that the browser knows, or one that was drawn. */
export interface ShownSheet {
  page: number;
  width: number;
  height: number;
  source: string | ImageData;
}

export interface Shown {
  /** Where the document itself is, to be saved: a tab of its own would be bound by the page's policy. */
  url: string;
  fileName: string;
  sheets: readonly ShownSheet[];
}

/** A claim's document, fetched with the reader's token and drawn; again for each version of the claim's document. */
export function useDocument(claimId: string, version: string): Loaded<Shown> {
  const loaded = useLoad(`document ${claimId} ${version}`, (signal) => show(claimId, signal));
  const url = loaded.value?.url;
  useEffect(() => (url === undefined ? undefined : () => URL.revokeObjectURL(url)), [url]);
  return loaded;
}

async function show(claimId: string, signal: AbortSignal): Promise<Shown> {
  const response = await send(`${api}/documents/${encodeURIComponent(claimId)}/view`, { signal });
  const file = await response.blob();
  const url = URL.createObjectURL(file);
  const fileName = `document.${file.type.split("/")[1] ?? "bin"}`;
  if (file.type === "application/pdf") {
    // Loaded with the first PDF: the drawing engine is larger than the rest of the page.
    const { drawPdf } = await import("./pdfPages.ts");
    const bytes = new Uint8Array(await file.arrayBuffer());
    const pages = await drawPdf(bytes, () => signal.aborted);
    return {
      url,
      fileName,
      sheets: pages.map(({ picture, ...page }) => ({ ...page, source: picture })),
    };
  }
  const size = await createImageBitmap(file).catch(() => undefined);
  const sheets = size ? [{ page: 1, width: size.width, height: size.height, source: url }] : [];
  size?.close();
  return { url, fileName, sheets };
}
