import { useState } from "react";
import { printShare } from "../../core/claimTerms/values.ts";
import { wordFor } from "../../core/language.ts";
import { Badge } from "../ui/Notice.tsx";
import { linkTo } from "../ui/route.ts";
import { Said } from "../ui/Said.tsx";
import type { Guardrails } from "./service.ts";
import { type Entry, lastOutput } from "./timeline.ts";
import { useWords } from "./words.ts";

/** Earlier claims like this one, and the articles of the policy, as the run has found them. */
export function Found({ entries }: { entries: readonly Entry[] }) {
  const { words, language } = useWords();
  const precedents = listOf(lastOutput(entries, "retrieve_similar_claims")?.similar_claims);
  const articles = listOf(lastOutput(entries, "search_knowledge_base")?.articles);
  const share = (value: unknown) => printShare(Number(value) || 0, language);
  if (precedents.length + articles.length === 0) return null;
  return (
    <section className="card" aria-label={words.claim.precedents}>
      <h2>{words.claim.precedents}</h2>
      {precedents.length === 0 && <p className="quiet">{words.none}</p>}
      <ul className="plain stack">
        {precedents.map((item) => (
          <li key={String(item.claim_number)}>
            <a href={linkTo(`/claims/${item.claim_id}`)}>
              <Said text={String(item.claim_number)} />
            </a>{" "}
            <Badge tone={item.outcome === "approve" ? "good" : "bad"}>
              {wordFor(words.outcomes, String(item.outcome))}
            </Badge>{" "}
            <span className="quiet small">
              {words.claim.similarity} {share(item.similarity_score)}
            </span>
            <p className="small">
              <Said text={String(item.reasoning ?? item.claim_text ?? "")} limit={300} />
            </p>
          </li>
        ))}
      </ul>
      <h2>{words.claim.articles}</h2>
      <ul className="plain stack">
        {articles.map((item) => (
          <li key={String(item.chunk_id ?? item.title)}>
            <details>
              <summary>
                <Said text={String(item.title)} />{" "}
                <span className="quiet small">{share(item.similarity_score)}</span>
              </summary>
              <Said text={String(item.content ?? item.text ?? "")} limit={4_000} />
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}

function listOf(list: unknown): Record<string, unknown>[] {
  return Array.isArray(list) ? list.map((item: unknown) => Object(item)) : [];
}

/** Personal data and instructions that were found in the document: kinds, places and placeholders, never the data. */
export function Detections({ guardrails }: { guardrails: Guardrails | undefined }) {
  const { words } = useWords();
  const [isOpen, setOpen] = useState(false);
  if (!guardrails || guardrails.total === 0) return null;
  return (
    <section className="card" aria-label={words.claim.personal}>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          {words.claim.personal} ({guardrails.total})
        </summary>
        {isOpen && (
          <ul className="plain">
            {guardrails.detections.map(({ id, detection_type, severity, record_metadata }) => (
              <li key={id} className="row">
                <Badge tone={severity === "high" ? "bad" : severity === "medium" ? "warn" : "info"}>
                  <Said
                    text={wordFor(words.terms.detections, detection_type).replaceAll("_", " ")}
                  />
                </Badge>
                <code>
                  <Said text={String(record_metadata.masked_value ?? "")} />
                </code>
                <span className="quiet small">
                  {words.claim.personalWords}{" "}
                  {wordFor(words.claim.steps, String(record_metadata.source_step ?? "–"))}
                </span>
              </li>
            ))}
          </ul>
        )}
      </details>
    </section>
  );
}
