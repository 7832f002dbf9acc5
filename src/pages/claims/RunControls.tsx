import { useState } from "react";
import { printShare } from "../../core/claimTerms/values.ts";
import { wordFor } from "../../core/language.ts";
import { call } from "../ui/api.ts";
import { Problem } from "../ui/Notice.tsx";
import { useTask } from "../ui/task.ts";
import { type Claim, claimPath } from "./service.ts";
import type { Entry } from "./timeline.ts";
import { useWords } from "./words.ts";

/** Starts a claim's run or shows how far it is, and puts the claim away. */
export function RunControls({
  claim,
  entries,
  isDecidedByPerson,
  onChanged,
}: {
  claim: Claim;
  entries: readonly Entry[];
  isDecidedByPerson: boolean;
  onChanged(): void;
}) {
  const { words } = useWords();
  const { claim: say } = words;
  const [isExpedited, setExpedited] = useState(false);
  const start = useTask(async () => {
    // What a person has decided is processed again only on purpose; the button says so.
    await call(claimPath(claim.id, `/process?force=${isDecidedByPerson}`), {
      method: "POST",
      body: { workflow_type: isExpedited ? "expedited" : "standard" },
    });
    onChanged();
  });
  const put = useTask(async () => {
    const word = claim.is_archived ? "unarchive" : "archive";
    await call(claimPath(claim.id, `/${word}`), { method: "POST" });
    onChanged();
  });
  const label = claim.status === "pending" ? say.start : isDecidedByPerson ? say.force : say.again;
  if (claim.status === "processing") return <Progress entries={entries} />;
  return (
    <div className="row">
      <button
        type="button"
        className={claim.outcome === null ? "main" : undefined}
        disabled={start.isRunning}
        onClick={() => start.run()}
      >
        {label}
      </button>
      <label className="row">
        <input
          type="checkbox"
          checked={isExpedited}
          onChange={(event) => setExpedited(event.target.checked)}
        />
        {say.expedited}
      </label>
      <button type="button" disabled={put.isRunning} onClick={() => put.run()}>
        {claim.is_archived ? say.unarchive : say.archive}
      </button>
      <Problem error={start.error ?? put.error} />
    </div>
  );
}

function Progress({ entries }: { entries: readonly Entry[] }) {
  const { words, language } = useWords();
  const from = entries.findLastIndex(({ kind }) => kind === "run.started");
  const steps = entries.slice(Math.max(0, from)).filter(({ kind }) => kind === "step");
  const percent = Math.max(0, ...steps.map(({ progress = 0 }) => progress));
  const current = steps.findLast(({ state }) => state === "running")?.name;
  return (
    <label className="field">
      <span>
        {words.claim.progress}
        {words.colon} {printShare(percent / 100, language)}
        {current !== undefined && ` – ${wordFor(words.claim.steps, current)}`}
      </span>
      <progress max={100} value={percent} />
    </label>
  );
}
