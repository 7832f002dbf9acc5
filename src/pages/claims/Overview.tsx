import type { ReactNode } from "react";
import { call } from "../ui/api.ts";
import { useLoad } from "../ui/load.ts";
import { Problem } from "../ui/Notice.tsx";
import { linkTo } from "../ui/route.ts";
import { printMs, printShare } from "./print.tsx";
import { api, type Statistics } from "./service.ts";
import { useSignIn } from "./session.tsx";
import { useWords } from "./words.tsx";

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
  const { value, error } = useLoad("statistics", (signal) =>
    call<Statistics>(`${api}/claims/statistics/overview`, { signal }),
  );
  useSignIn(error);
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
          <div className="grid">
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
          <div className="grid">
            <Split statistics={value} />
            <Counter label={words.counts.override}>
              {printShare(value.override_rate, language)}
            </Counter>
            <Counter label={words.counts.average}>
              {printMs(value.average_processing_time_ms, language)}
            </Counter>
          </div>
        </>
      )}
    </>
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
          {words.counts.approved}: {approved.toLocaleString(language)}
        </a>
        {" · "}
        <a href={linkTo("/claims", { outcome: "deny" })}>
          {words.counts.denied}: {denied.toLocaleString(language)}
        </a>
      </span>
    </section>
  );
}
