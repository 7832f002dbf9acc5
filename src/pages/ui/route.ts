import { useSyncExternalStore } from "react";

/** Where the reader is: `#/claims/17?page=2` has the path `/claims/17`. */
export interface Place {
  path: string;
  query: URLSearchParams;
}

/** The place in the address's hash: the server knows one page only, and prefixes of proxies do no harm. */
export function usePlace(): Place {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?");
  return { path: path || "/", query: new URLSearchParams(query) };
}

/** The link to a place; empty values are left out. */
export function linkTo(path: string, query: Readonly<Record<string, string>> = {}): string {
  const filled = Object.entries(query).filter(([, value]) => value !== "");
  const text = new URLSearchParams(filled).toString();
  return `#${path}${text && `?${text}`}`;
}

export function goTo(link: string): void {
  location.hash = link;
}

/** Changes the place without a step in the browser's history: for what is typed. */
export function moveTo(link: string): void {
  history.replaceState(null, "", link);
  dispatchEvent(new HashChangeEvent("hashchange"));
}

function subscribe(onChange: () => void): () => void {
  addEventListener("hashchange", onChange);
  return () => removeEventListener("hashchange", onChange);
}
