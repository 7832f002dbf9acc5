import type { ReactNode } from "react";
import { printShare } from "../../core/claimTerms/values.ts";
import { call } from "../ui/api.ts";
import { useLoad } from "../ui/load.ts";
import { Problem } from "../ui/Notice.tsx";
import { usePolling } from "../ui/polling.ts";
import { linkTo } from "../ui/route.ts";
import { ClaimTable } from "./ClaimTable.tsx";
import { printMs } from "./print.tsx";
import { api, type ClaimPage, type Statistics } from "./service.ts";
import { useSignIn } from "./session.tsx";
import { useWords } from "./words.ts";

/** How many of the claims that wait are shown, and how often they and the counters are read again, in milliseconds. */
const waitingCount = 5;
const pollMs = 10_000;

const statuses = [
  "pending",
  "processing",
  "manual_review",
  "pending_info",
  "completed",
  "failed",
] as const;

/** The counters of all claims, each a way to the claims that it counts. */
export function Overview() {
  const { words, language } = useWords();
  const { value, error, reload } = useLoad("statistics", (signal) =>
    call<Statistics>(`${api}/claims/statistics/overview`, { signal }),
  );
  useSignIn(error);
  usePolling(reload, pollMs);
  const number = (count: number) => count.toLocaleString(language);
  return (
    <>
      <div className="row ends">
        <h1>{words.overview}</h1>
        <a className="button main" href={linkTo("/new")}>
          {words.newClaim}
        </a>
      </div>
      <Problem error={error} />
      {value && (
        <>
          <div className="grid counters">
            <Counter label={words.counts.total} link={linkTo("/claims")}>
              {number(value.total_claims)}
            </Counter>
            {statuses.map((status) => (
              <Counter
                key={status}
                label={words.statuses[status]}
                link={linkTo("/claims", { status })}
              >
                {number(value[`${status}_claims`])}
              </Counter>
            ))}
          </div>
          <div className="grid wide">
            <Split statistics={value} />
            <Counter label={words.counts.override}>
              {printShare(value.override_rate, language)}
            </Counter>
            <Counter label={words.counts.average}>
              {printMs(value.average_processing_time_ms, language)}
            </Counter>
          </div>
          <Waiting />
        </>
      )}
    </>
  );
}

/** The claims that have waited longest for a person. */
function Waiting() {
  const { words } = useWords();
  const query = { status: "manual_review", sort: "submitted_at" };
  const asked = new URLSearchParams({ ...query, page_size: String(waitingCount) });
  const { value, error, reload } = useLoad("waiting", (signal) =>
    call<ClaimPage>(`${api}/claims?${asked}`, { signal }),
  );
  usePolling(reload, pollMs);
  const { attention, nobody } = words.counts;
  return (
    <section className="card" aria-label={attention}>
      <div className="row ends">
        <h2>{attention}</h2>
        <a href={linkTo("/claims", query)}>
          {words.showEvery} ({value?.total ?? 0})
        </a>
      </div>
      <Problem error={error} />
      {value?.total === 0 && <p className="quiet">{nobody}</p>}
      {value && value.total > 0 && <ClaimTable claims={value.claims} caption={attention} />}
    </section>
  );
}

function Counter({ label, link, children }: { label: string; link?: string; children: ReactNode }) {
  return (
    <section className="card" aria-label={label}>
      <span className="figure">{children}</span>
      {link ? <a href={link}>{label}</a> : <span className="quiet">{label}</span>}
    </section>
  );
}

function Split({ statistics }: { statistics: Statistics }) {
  const { words, language } = useWords();
  const { approved_claims: approved, denied_claims: denied } = statistics;
  const share = approved + denied === 0 ? 0 : (approved / (approved + denied)) * 100;
  return (
    <section className="card" aria-label={words.counts.split}>
      <span className="quiet">{words.counts.split}</span>
      <div className="bar" aria-hidden="true">
        <span className="good" style={{ width: `${share}%` }} />
        <span className="bad" style={{ width: approved + denied === 0 ? 0 : `${100 - share}%` }} />
      </div>
      <span>
        <a href={linkTo("/claims", { outcome: "approve" })}>
          {words.counts.approved}
          {words.colon} {approved.toLocaleString(language)}
        </a>
        {" · "}
        <a href={linkTo("/claims", { outcome: "deny" })}>
          {words.counts.denied}
          {words.colon} {denied.toLocaleString(language)}
        </a>
      </span>
    </section>
  );
}
