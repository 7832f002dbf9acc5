import { useState } from "react";
import { wordFor } from "../../core/language.ts";
import { call } from "../ui/api.ts";
import { useLoad } from "../ui/load.ts";
import { Badge, Loading, Problem } from "../ui/Notice.tsx";
import { Quoted, Said } from "../ui/Said.tsx";
import { DecisionBody } from "./DecisionCard.tsx";
import { printMs, When } from "./print.tsx";
import { claimPath, type Run, type RunSummary } from "./service.ts";
import { StepDetails } from "./TimelineView.tsx";
import { useWords } from "./words.ts";

/** Every run of a claim, newest first; each can be opened. */
export function RunHistory({ runs }: { runs: readonly RunSummary[] }) {
  const { words } = useWords();
  if (runs.length === 0) return null;
  return (
    <section className="card" aria-label={words.claim.runs}>
      <h2>{words.claim.runs}</h2>
      <ol className="plain stack" reversed>
        {runs.map((run) => (
          <li key={run.run_id}>
            <OneRun run={run} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function OneRun({ run }: { run: RunSummary }) {
  const { words, language } = useWords();
  const [isOpen, setOpen] = useState(false);
  const tone = run.state === "failed" ? "bad" : run.state === "completed" ? "plain" : "info";
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <When at={run.requested_at} />{" "}
        <Badge tone={tone}>{wordFor(words.statuses, run.status ?? run.state)}</Badge>{" "}
        {run.outcome && (
          <Badge tone={run.outcome === "approve" ? "good" : "bad"}>
            {wordFor(words.outcomes, run.outcome)}
          </Badge>
        )}{" "}
        <span className="quiet small">{printMs(run.duration_ms, language)}</span>
      </summary>
      {run.error && <Said text={run.error} limit={1_000} />}
      {isOpen && <RunDetails run={run} />}
    </details>
  );
}

/** What a run did and decided, asked for when somebody opens it. */
function RunDetails({ run: { claim_id, run_id, state } }: { run: RunSummary }) {
  const { words, language } = useWords();
  const { value, error } = useLoad(`${run_id} ${state}`, (signal) =>
    call<Run>(claimPath(claim_id, `/runs/${run_id}`), { signal }),
  );
  if (value === undefined) return error ? <Problem error={error} /> : <Loading />;
  return (
    <div className="stack run">
      <ol className="plain">
        {value.steps.map((step) => (
          <li key={step.step_name + step.started_at}>
            <div className="row">
              {wordFor(words.claim.steps, step.step_name)}
              <Badge tone={step.status === "failed" ? "bad" : "plain"}>
                {wordFor(words.claim.states, step.status)}
              </Badge>
              <span className="quiet small">{printMs(step.duration_ms, language)}</span>
            </div>
            {step.error_message && <Said text={step.error_message} limit={1_000} />}
            <StepDetails given={step.input_data ?? {}} output={step.output_data} />
          </li>
        ))}
      </ol>
      {value.decision ? (
        <DecisionBody decision={value.decision} />
      ) : (
        <p className="quiet">{words.claim.noDecision}</p>
      )}
      {value.note && <Quoted text={value.note} label={words.claim.note} />}
    </div>
  );
}
