/**
 * The query parameters of a URL by name; a repeated one is joined with commas. Read by the platform's parser: the
 * router's own one splits values at commas and parses those that look like JSON.
 */
export function readQuery(url: string): Record<string, string> {
  const start = url.indexOf("?");
  const query: Record<string, string> = Object.create(null);
  if (start === -1) return query;
  for (const [name, value] of new URLSearchParams(url.slice(start + 1))) {
    const earlier = query[name];
    query[name] = earlier === undefined ? value : `${earlier},${value}`;
  }
  return query;
}
