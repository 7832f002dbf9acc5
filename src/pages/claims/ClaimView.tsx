import { wordFor } from "../../core/language.ts";
import { call } from "../ui/api.ts";
import { useLoad } from "../ui/load.ts";
import { Loading, Problem } from "../ui/Notice.tsx";
import { Said } from "../ui/Said.tsx";
import { DecisionCard } from "./DecisionCard.tsx";
import { DocumentView } from "./DocumentView.tsx";
import { Detections, Found } from "./Findings.tsx";
import { StatusBadges, When } from "./print.tsx";
import { ReviewPanel } from "./ReviewPanel.tsx";
import { RunControls } from "./RunControls.tsx";
import { RunHistory } from "./RunHistory.tsx";
import {
  type Claim,
  claimPath,
  type Decision,
  findAt,
  type Guardrails,
  type RunList,
} from "./service.ts";
import { useSignIn } from "./session.tsx";
import { TimelineView } from "./TimelineView.tsx";
import { lastOutput, useTimeline } from "./timeline.ts";
import { useWords } from "./words.ts";

/** One claim: what happens to it, its document, the decision and its review. */
export function ClaimView({ claimId }: { claimId: string }) {
  const timeline = useTimeline(claimId);
  const { value, error, reload } = useLoad(`${claimId} ${timeline.revision}`, (signal) =>
    loadClaim(claimId, signal),
  );
  useSignIn(error);
  if (value === undefined) return error ? <Problem error={error} /> : <Loading />;
  const { claim, decision, runs, guardrails } = value;
  const reading = lastOutput(timeline.entries, "ocr_document");
  return (
    <>
      <Heading claim={claim} />
      <Problem error={error} />
      <RunControls
        claim={claim}
        entries={timeline.entries}
        isDecidedByPerson={Boolean(decision?.final_decision)}
        onChanged={reload}
      />
      <div className="split">
        <div className="stack">
          <DecisionCard claim={claim} decision={decision} />
          <ReviewPanel claim={claim} decision={decision} onChanged={reload} />
          <TimelineView timeline={timeline} />
        </div>
        <div className="stack">
          <DocumentView claimId={claimId} version={claim.document_path} reading={reading} />
          <Found entries={timeline.entries} />
          <Detections guardrails={guardrails} />
          <RunHistory runs={runs.runs} />
        </div>
      </div>
    </>
  );
}

function Heading({ claim }: { claim: Claim }) {
  const { words } = useWords();
  return (
    <div className="row ends">
      <h1>
        <Said text={claim.claim_number} />
      </h1>
      <div className="row">
        <StatusBadges claim={claim} />
        <span className="quiet">
          <Said text={wordFor(words.types, claim.claim_type ?? "–")} /> ·{" "}
          <Said text={claim.user_id} /> · <When at={claim.submitted_at} />
        </span>
      </div>
    </div>
  );
}

async function loadClaim(claimId: string, signal: AbortSignal) {
  const [claim, decision, runs, guardrails] = await Promise.all([
    call<Claim>(claimPath(claimId), { signal }),
    findAt<Decision>(claimPath(claimId, "/decision"), signal),
    call<RunList>(claimPath(claimId, "/runs"), { signal }),
    call<Guardrails>(claimPath(claimId, "/guardrails"), { signal }),
  ]);
  return { claim, decision, runs, guardrails };
}
