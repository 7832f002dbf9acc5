import { useEffect, useRef, useState } from "react";
import { call } from "../ui/api.ts";
import { useLoad } from "../ui/load.ts";
import { Problem } from "../ui/Notice.tsx";
import { usePolling } from "../ui/polling.ts";
import { linkTo, moveTo } from "../ui/route.ts";
import { ClaimTable } from "./ClaimTable.tsx";
import { api, type ClaimPage } from "./service.ts";
import { useSignIn } from "./session.tsx";
import { useWords } from "./words.ts";

/** How long the reader must pause typing before the service is asked, in milliseconds. */
const typingMs = 250;
const pageCount = 20;
/** How often the list is read again while it is seen, in milliseconds. */
const pollMs = 10_000;
const filterNames = [
  "search",
  "status",
  "outcome",
  "claim_type",
  "sort",
  "include_archived",
] as const;
type Filters = Partial<Record<(typeof filterNames)[number] | "page", string>>;

/** The list of claims: the service searches, filters, sorts and pages; the address holds what was chosen. */
export function ClaimList({ query }: { query: URLSearchParams }) {
  const { words, language } = useWords();
  const filters: Filters = Object.fromEntries(query);
  const asked = new URLSearchParams(query);
  asked.set("page_size", String(pageCount));
  const { value, error, isLoading, reload } = useLoad(asked.toString(), (signal) =>
    call<ClaimPage>(`${api}/claims?${asked}`, { signal }),
  );
  useSignIn(error);
  usePolling(reload, pollMs);
  const change = (changes: Filters) => {
    const { page: _, ...rest } = filters;
    moveTo(linkTo("/claims", { ...rest, ...changes }));
  };
  return (
    <>
      <div className="row ends">
        <h1>{words.claims}</h1>
        <a className="button main" href={linkTo("/new")}>
          {words.newClaim}
        </a>
      </div>
      <FilterBar filters={filters} onChange={change} />
      <Problem error={error} />
      {value && (
        <>
          <p role="status" aria-busy={isLoading}>
            {words.list.found(value.total.toLocaleString(language))}
          </p>
          {value.claims.length === 0 ? (
            <p>{words.list.empty}</p>
          ) : (
            <div className="card">
              <ClaimTable claims={value.claims} caption={words.claims} />
            </div>
          )}
          <Pager page={value} onPage={(page) => change({ page: String(page) })} />
        </>
      )}
    </>
  );
}

function FilterBar({ filters, onChange }: { filters: Filters; onChange(changes: Filters): void }) {
  const { words } = useWords();
  const choice = (
    name: (typeof filterNames)[number],
    label: string,
    options: Readonly<Record<string, string>>,
    none?: string,
  ) => (
    <label className="field">
      <span>{label}</span>
      <select
        value={filters[name] ?? ""}
        onChange={(event) => onChange({ [name]: event.target.value })}
      >
        {none !== undefined && <option value="">{none}</option>}
        {Object.entries(options).map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
  const { list } = words;
  const { "-submitted_at": newest, ...sorts } = list.sorts;
  return (
    <search className="card filters">
      <SearchField given={filters.search ?? ""} onSearch={(search) => onChange({ search })} />
      {choice("status", list.status, words.statuses, list.any)}
      {choice("outcome", list.outcome, words.outcomes, list.any)}
      {choice("claim_type", list.type, words.types, list.any)}
      {choice("sort", list.sort, sorts, newest)}
      <label className="row">
        <input
          type="checkbox"
          checked={filters.include_archived === "true"}
          onChange={(event) => onChange({ include_archived: event.target.checked ? "true" : "" })}
        />
        {list.archived}
      </label>
    </search>
  );
}

function SearchField({ given, onSearch }: { given: string; onSearch(search: string): void }) {
  const { words } = useWords();
  const [text, setText] = useState(given);
  // The newest one: what else the reader has chosen during the wait is not to be lost.
  const search = useRef(onSearch);
  search.current = onSearch;
  const sent = useRef(given);
  useEffect(() => {
    if (given === sent.current) return;
    // The address has changed by other means, such as a link.
    sent.current = given;
    setText(given);
  }, [given]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed starts the wait.
  useEffect(() => {
    if (text === given) return;
    const timer = setTimeout(() => {
      sent.current = text;
      search.current(text);
    }, typingMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <label className="field">
      <span>{words.list.search}</span>
      <input
        type="search"
        maxLength={255}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </label>
  );
}

function Pager({ page, onPage }: { page: ClaimPage; onPage(page: number): void }) {
  const { words, language } = useWords();
  const last = Math.max(1, Math.ceil(page.total / page.page_size));
  const print = (number: number) => number.toLocaleString(language);
  return (
    <nav className="row" aria-label={words.list.page(print(page.page), print(last))}>
      <button type="button" disabled={page.page <= 1} onClick={() => onPage(page.page - 1)}>
        {words.list.earlier}
      </button>
      <span>{words.list.page(print(page.page), print(last))}</span>
      <button type="button" disabled={page.page >= last} onClick={() => onPage(page.page + 1)}>
        {words.list.later}
      </button>
    </nav>
  );
}
