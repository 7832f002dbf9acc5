import { createTexts } from "../tools/bench/rag-data.ts";

/** Articles in one answer: many small transactions, so that a kill falls between and into them. */
const pageItems = 6;
const articleWords = 60;

/** A claims service of nothing but articles, as `rag-mcp sync` asks it. */
export interface ArticleService extends AsyncDisposable {
  url: string;
  /** The ids of all its articles, in the order of their changes. */
  ids: readonly string[];
  /**
   * How many changes its client has stored for certain: it asks for what follows a change only after that one is written.
   * Counted since the service was opened.
   */
  acknowledged(): number;
  /** Settles with the first request. */
  asked: Promise<void>;
}

/** Opens the service with `count` articles; a cursor is the number of changes before it. */
export function openArticleService(count: number, seed: number): ArticleService {
  const nextText = createTexts(articleWords, seed);
  const all = Array.from({ length: count }, (_, index) => ({
    ...{ id: `article-${index}`, updated_at: "2025-06-01T00:00:00Z", title: `Rule ${index}` },
    ...{ content: nextText(), category: "Coverage", is_active: true },
  }));
  const asked = Promise.withResolvers<void>();
  let acknowledged = 0;
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request) {
      asked.resolve();
      const { pathname, searchParams } = new URL(request.url);
      const isArticles = pathname.endsWith("/articles");
      const start = Number(searchParams.get("after") ?? 0);
      if (isArticles) acknowledged = Math.max(acknowledged, start);
      const items = isArticles ? all.slice(start, start + pageItems) : [];
      const next_cursor = items.length > 0 ? `${start + items.length}` : null;
      return Response.json({ items, next_cursor });
    },
  });
  return {
    url: server.url.href,
    ids: all.map(({ id }) => id),
    acknowledged: () => acknowledged,
    asked: asked.promise,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}
