import { memo, useState } from "react";
import { wordFor } from "../../core/language.ts";
import { Badge, type Tone } from "../ui/Notice.tsx";
import { Quoted, Said } from "../ui/Said.tsx";
import { printMs, When } from "./print.tsx";
import { describeOutput } from "./stepSummary.ts";
import type { Entry, Timeline } from "./timeline.ts";
import { useWords } from "./words.ts";

/** How many lines are shown at first, and how many more each time: thousands would make the page slow. */
const shownCount = 60;

const tones: Readonly<Record<string, Tone>> = { running: "info", completed: "good", failed: "bad" };

/** The steps of a claim's runs as they happen, the newest at the end. */
export function TimelineView({ timeline }: { timeline: Timeline }) {
  const { words, language } = useWords();
  const [count, setCount] = useState(shownCount);
  const { entries, isLive } = timeline;
  const hidden = Math.max(0, entries.length - count);
  return (
    <section className="card" aria-label={words.claim.timeline}>
      <div className="row ends">
        <h2>{words.claim.timeline}</h2>
        <Badge tone={isLive ? "good" : "warn"}>
          {isLive ? words.claim.live : words.claim.reconnecting}
        </Badge>
      </div>
      {hidden > 0 && (
        <button type="button" onClick={() => setCount(count + 500)}>
          {words.claim.earlierSteps(hidden.toLocaleString(language))}
        </button>
      )}
      {entries.length === 0 && <p className="quiet">{words.claim.noSteps}</p>}
      <div role="log" aria-label={words.claim.timeline}>
        <ol className={count > shownCount ? "plain steps many" : "plain steps"}>
          {entries.slice(hidden).map((entry) => (
            <Line key={entry.key} entry={entry} />
          ))}
        </ol>
      </div>
    </section>
  );
}

/** An entry is replaced when it changes, so that the lines before it need not be made again. */
const Line = memo(function Line({ entry }: { entry: Entry }) {
  const { words } = useWords();
  return (
    <li className={entry.state}>
      {entry.kind === "step" ? (
        <Step entry={entry} />
      ) : (
        <div className="row">
          <strong>{titleOf(entry, words)}</strong>
          <span className="quiet small">
            <When at={entry.at} to="second" />
          </span>
        </div>
      )}
      {entry.kind !== "step" && entry.error && <Said text={entry.error} limit={500} />}
    </li>
  );
});

function titleOf(entry: Entry, words: ReturnType<typeof useWords>["words"]): string {
  const { claim } = words;
  switch (entry.kind) {
    case "run.started":
      return claim.runStarted;
    case "run.completed":
      return claim.runEnded;
    case "run.failed":
      return claim.runFailed;
    case "proposed":
      return claim.proposed(wordFor(words.decisions, entry.word ?? ""));
    default:
      return claim.status(wordFor(words.statuses, entry.word ?? ""));
  }
}

function Step({ entry }: { entry: Entry }) {
  const { words, language } = useWords();
  const { state = "running", name = "", output } = entry;
  const summary = output ? describeOutput(name, output, { words, language }) : "";
  return (
    <>
      <div className="row">
        <strong>{wordFor(words.claim.steps, name)}</strong>
        <Badge tone={tones[state] ?? "plain"}>{words.claim.states[state]}</Badge>
        {state === "running" && <span className="spinner" aria-hidden="true" />}
        <span className="quiet small">
          <When at={entry.at} to="time" />
          {entry.durationMs !== undefined && ` · ${printMs(entry.durationMs, language)}`}
        </span>
      </div>
      {entry.error && <Said text={entry.error} limit={1_000} />}
      {summary !== "" && (
        <p className="quiet">
          <Said text={summary} limit={500} />
        </p>
      )}
      <StepDetails given={entry.arguments ?? {}} output={entry.output ?? null} />
    </>
  );
}

/** Arguments and result as they went over the wire; written out when the reader opens them. */
export function StepDetails({ given, output }: { given: object; output: object | null }) {
  const { words } = useWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{words.claim.details}</summary>
      {isOpen && (
        <div className="stack">
          <h3>{words.claim.arguments}</h3>
          <Quoted text={JSON.stringify(given, null, 2)} label={words.claim.arguments} />
          <h3>{words.claim.output}</h3>
          <Quoted text={JSON.stringify(output, null, 2)} label={words.claim.output} />
        </div>
      )}
    </details>
  );
}
