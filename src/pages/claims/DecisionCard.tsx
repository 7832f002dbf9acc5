import type { ReactNode } from "react";
import { tellReasons } from "../../core/claimTerms/reasons.ts";
import { tellEvidence, tellHit } from "../../core/claimTerms/tell.ts";
import { printMoney, printShare } from "../../core/claimTerms/values.ts";
import { wordFor } from "../../core/language.ts";
import { Badge, Notice, type Tone } from "../ui/Notice.tsx";
import { Quoted, Said } from "../ui/Said.tsx";
import { When } from "./print.tsx";
import type { Claim, Decision, RuleHit } from "./service.ts";
import { useWords } from "./words.ts";

const tones: Readonly<Record<string, Tone>> = {
  approve: "good",
  deny: "bad",
  manual_review: "warn",
};

/** Who decided what on a claim, and why. */
export function DecisionCard({
  claim,
  decision,
}: {
  claim: Claim;
  decision: Decision | undefined;
}) {
  const { words } = useWords();
  const { claim: say } = words;
  return (
    <section className="card" aria-label={say.decision}>
      <h2>{say.decision}</h2>
      {claim.outcome === "deny" && <Notice tone="warn">{say.denied}</Notice>}
      {claim.status === "failed" && <Notice tone="bad">{say.failed}</Notice>}
      {decision === undefined ? (
        <p className="quiet">{say.noDecision}</p>
      ) : (
        <DecisionBody decision={decision} />
      )}
    </section>
  );
}

/** What was proposed, what the rules and people made of it, and why. */
export function DecisionBody({ decision }: { decision: Decision }) {
  const { words, language } = useWords();
  const { claim: say } = words;
  return (
    <>
      <div className="verdict">
        <Verdict label={say.proposal} word={decision.proposed_decision} />
        <Verdict label={say.gate} word={decision.initial_decision}>
          {say.confidence}
          {words.colon} {printShare(decision.initial_confidence, language)}
        </Verdict>
        <Verdict label={say.reviewer} word={decision.final_decision}>
          {decision.final_decision && (
            <>
              <Said text={decision.final_decision_by_name ?? ""} />{" "}
              <When at={decision.final_decision_at} />
            </>
          )}
        </Verdict>
        <div>
          <div className="quiet small">{say.payable}</div>
          <strong>{printMoney(decision.payable_amount, decision.currency, language)}</strong>
        </div>
      </div>
      {decision.final_decision_notes && (
        <p>
          <Said text={decision.final_decision_notes} limit={4_000} />
        </p>
      )}
      <h3>{say.hits}</h3>
      {decision.rule_hits.length === 0 && <p className="quiet">{say.noHits}</p>}
      <ul className="plain stack">
        {decision.rule_hits.map((hit) => (
          <Hit key={hit.code + hit.message} hit={hit} />
        ))}
      </ul>
      <TextList title={say.redFlags} texts={decision.red_flags} />
      <TextList title={say.required} texts={decision.required_documentation} />
      <details>
        <summary>{say.reasoning}</summary>
        <Quoted text={tellReasons(decision.reasoning ?? "–", language)} label={say.reasoning} />
      </details>
    </>
  );
}

function Verdict({
  label,
  word,
  children,
}: {
  label: string;
  word: string | null;
  children?: ReactNode;
}) {
  const { words } = useWords();
  return (
    <div>
      <div className="quiet small">{label}</div>
      {word ? <Badge tone={tones[word] ?? "plain"}>{wordFor(words.decisions, word)}</Badge> : "–"}
      <div className="small">{children}</div>
    </div>
  );
}

function Hit({ hit }: { hit: RuleHit }) {
  const { words, language } = useWords();
  const { claim: say } = words;
  const evidence = tellEvidence(hit.evidence, language);
  // What a run says of itself has no evidence: its own words are all there is to it.
  if (hit.source === "run") {
    evidence.push({ name: "recorded", label: say.recorded, text: hit.message });
  }
  return (
    <li className={`hit ${hit.kind}`}>
      <div className="row">
        <strong>{titleOf(words.terms.rules, hit.code)}</strong>
        <code className="quiet">{hit.code}</code>
        <Badge tone={hit.kind === "deny" ? "bad" : hit.kind === "review" ? "warn" : "info"}>
          {say.kinds[hit.kind]}
        </Badge>
      </div>
      <p>
        <Said text={tellHit(hit, language)} limit={1_000} />
      </p>
      <details>
        <summary>{say.evidence}</summary>
        <dl className="pairs">
          {evidence.map(({ name, label, text }) => (
            <div key={name} style={{ display: "contents" }}>
              <dt>
                <Said text={label} />
              </dt>
              <dd>
                <Said text={wordFor(words.terms.phrases, text)} limit={1_000} />
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </li>
  );
}

/** A rule's name; its code for one that is not known here. */
function titleOf(rules: Readonly<Record<string, { title: string }>>, code: string): string {
  return Object.hasOwn(rules, code) ? (rules[code]?.title ?? code) : code;
}

function TextList({ title, texts }: { title: string; texts: readonly string[] }) {
  const { words } = useWords();
  if (texts.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul>
        {texts.map((text) => (
          <li key={text}>
            <Said text={wordFor(words.terms.phrases, text)} limit={1_000} />
          </li>
        ))}
      </ul>
    </>
  );
}
