import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { pageHeaders } from "./headers.ts";

/** What `import page from "./index.html"` gives in a compiled program: where each file lies inside it. */
interface EmbeddedPage {
  index: string;
  files: readonly { path: string; loader: string }[];
}

/** One file of a page, with its compressed form once somebody has asked for that. */
interface Asset {
  name: string;
  type: string;
  bytes: Uint8Array<ArrayBuffer>;
  gzipped?: Uint8Array<ArrayBuffer>;
}

/** A page and everything that it loads, ready to be answered. */
export interface Page {
  /** Answers with the document itself; `data` becomes data attributes of its root, for the page to read. */
  answerDocument(request: Request, data?: Readonly<Record<string, string>>): Promise<Response>;
  /** Answers with a script, a style or another file of the page by its name; undefined when there is none. */
  answerAsset(request: Request, name: string): Promise<Response | undefined>;
}

/**
 * Opens a page that Bun has bundled. A compiled program holds its files; from source they are bundled when the first
 * request comes, by the same bundler. `assetPath` is where the program serves the files, relative to the page.
 *
 * @example openPage(claimsPage, { source: new URL("../pages/claims/index.html", import.meta.url), assetPath: "pages/" })
 */
export function openPage(
  imported: object,
  { source, assetPath }: { source: URL; assetPath: string },
): Page {
  let loaded: Promise<LoadedPage> | undefined;
  const load = () => {
    loaded ??= isEmbedded(imported) ? readEmbedded(imported) : bundleSource(source);
    return loaded;
  };
  return {
    async answerDocument(request, data = {}) {
      const { document } = await load();
      const text = new TextDecoder().decode(document.bytes);
      // The bundler writes addresses from the root; relative ones also work behind a proxy that adds a prefix.
      const html = text.replaceAll(/(src|href)="\.?\/(?=[\w.-]+")/g, `$1="${assetPath}`);
      const attributes = Object.entries(data).map(
        ([key, value]) => ` data-${key}="${Bun.escapeHTML(value)}"`,
      );
      const told = html.replace("<html", () => `<html${attributes.join("")}`);
      return new Response(request.method === "HEAD" ? null : told, {
        headers: {
          ...pageHeaders,
          "content-type": "text/html; charset=utf-8",
          "cache-control": "no-cache",
          vary: "accept",
        },
      });
    },
    async answerAsset(request, name) {
      const asset = (await load()).assets.get(name);
      return asset && answerAsset(request, asset);
    },
  };
}

interface LoadedPage {
  document: Asset;
  assets: ReadonlyMap<string, Asset>;
}

function isEmbedded(imported: object): imported is EmbeddedPage {
  return "files" in imported && Array.isArray(imported.files);
}

async function readEmbedded({ index, files }: EmbeddedPage): Promise<LoadedPage> {
  const assets = await Promise.all(
    files.map(({ path }) => readAsset(basename(path), Bun.file(path))),
  );
  return pageOf(assets, basename(index));
}

async function bundleSource(source: URL): Promise<LoadedPage> {
  const built = await Bun.build({
    entrypoints: [fileURLToPath(source)],
    target: "browser",
    splitting: true,
    minify: true,
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const assets = await Promise.all(
    built.outputs.map((part) => readAsset(basename(part.path), part)),
  );
  const index = assets.find(({ name }) => name.endsWith(".html"));
  return pageOf(assets, index?.name ?? "");
}

function pageOf(assets: readonly Asset[], index: string): LoadedPage {
  const byName = new Map(assets.map((asset) => [asset.name, asset]));
  const document = byName.get(index);
  if (document === undefined) throw new Error("a bundled page has no document");
  byName.delete(index);
  for (const asset of byName.values()) if (asset.name.endsWith(".js")) lookBeside(asset, byName);
  return { document, assets: byName };
}

/** In a compiled program scripts name each other from the root; here they lie beside each other, wherever that is. */
function lookBeside(script: Asset, byName: ReadonlyMap<string, Asset>): void {
  const text = new TextDecoder().decode(script.bytes);
  const beside = text.replace(/(["'`])\/([\w.-]+)\1/g, (whole, quote: string, name: string) =>
    byName.has(name) ? `${quote}./${name}${quote}` : whole,
  );
  script.bytes = new TextEncoder().encode(beside);
}

const types: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  wasm: "application/wasm",
};

async function readAsset(name: string, file: Blob): Promise<Asset> {
  const extension = name.slice(name.lastIndexOf(".") + 1);
  const type = types[extension] ?? "application/octet-stream";
  return { name, type, bytes: new Uint8Array(await file.arrayBuffer()) };
}

/** The names hold a hash of the content, so that a browser never has to ask again. */
function answerAsset(request: Request, asset: Asset): Response {
  const headers = {
    ...pageHeaders,
    "content-type": asset.type,
    "cache-control": "public, max-age=31536000, immutable",
    vary: "accept-encoding",
  };
  if (!/\bgzip\b/.test(request.headers.get("accept-encoding") ?? "")) {
    return new Response(asset.bytes, { headers });
  }
  asset.gzipped ??= Bun.gzipSync(asset.bytes);
  return new Response(asset.gzipped, { headers: { ...headers, "content-encoding": "gzip" } });
}
