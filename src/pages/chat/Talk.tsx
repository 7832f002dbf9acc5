import { type FormEvent, useEffect, useRef, useState } from "react";
import { Badge, Problem, type Tone } from "../ui/Notice.tsx";
import { Quoted, Said } from "../ui/Said.tsx";
import { visible } from "../ui/visible.ts";
import type { CallEntry, Entry } from "./service.ts";
import { useConversation } from "./useConversation.ts";
import { useWords } from "./words.ts";

/** The longest message that the service takes, in UTF-16 units. */
const messageLimit = 20_000;
/** The most of one message that is shown, in UTF-16 units. */
const shownLimit = 100_000;

/** The conversation with the model, its tool calls among what is said. */
export function Talk({ model }: { model: string }) {
  const { words } = useWords();
  const { entries, draft, isBusy, error, say, decide, restart } = useConversation();
  const end = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever is new is scrolled to.
  useEffect(() => {
    // Not returned: newer browsers give a promise, which React would take for a clean-up.
    void end.current?.scrollIntoView({ block: "nearest" });
  }, [entries, draft]);
  const isWaiting = entries.some((entry) => entry.type === "call" && entry.state === "waiting");
  return (
    <>
      <div className="row ends">
        <span className="quiet">
          {words.with} <Said text={model} />
        </span>
        <button type="button" disabled={isBusy} onClick={restart}>
          {words.restart}
        </button>
      </div>
      <div className="conversation" role="log" aria-label={words.conversation} aria-busy={isBusy}>
        {entries.map((entry, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an entry's place is its name.
          <One key={place} entry={entry} isBusy={isBusy} onDecide={decide} />
        ))}
        {draft !== "" && <div className="bubble">{visible(draft.slice(0, shownLimit))}</div>}
        <div ref={end} />
      </div>
      <Problem error={error} />
      <Composer isDisabled={isBusy || isWaiting} isBusy={isBusy} onSay={say} />
    </>
  );
}

interface OneProps {
  entry: Entry;
  isBusy: boolean;
  onDecide(callId: string, isApproved: boolean): void;
}

function One({ entry, isBusy, onDecide }: OneProps) {
  const { words } = useWords();
  if (entry.type === "call") return <Call call={entry} isBusy={isBusy} onDecide={onDecide} />;
  return (
    <div className={`bubble ${entry.type}`} dir="auto">
      <span className="visually-hidden">{entry.type === "user" ? words.you : words.answer}</span>
      {visible(entry.text.slice(0, shownLimit))}
    </div>
  );
}

const tones: Readonly<Record<CallEntry["state"], Tone>> = {
  waiting: "warn",
  running: "info",
  done: "good",
  failed: "bad",
  denied: "bad",
};

function Call({ call, isBusy, onDecide }: Omit<OneProps, "entry"> & { call: CallEntry }) {
  const { words } = useWords();
  const isWaiting = call.state === "waiting" && !call.is_read_only;
  return (
    <section className="card call" aria-label={words.callOf(visible(call.name))}>
      <div className="row">
        <code>
          <Said text={call.name} />
        </code>
        <Badge tone={tones[call.state]}>{words.states[call.state]}</Badge>
      </div>
      {isWaiting && (
        <>
          <p>{words.changes}</p>
          <Quoted text={JSON.stringify(call.arguments, null, 2)} label={words.sent} />
          <div className="row">
            <button
              type="button"
              className="main"
              disabled={isBusy}
              onClick={() => onDecide(call.call_id, true)}
            >
              {words.approve}
            </button>
            <button
              type="button"
              className="bad"
              disabled={isBusy}
              onClick={() => onDecide(call.call_id, false)}
            >
              {words.deny}
            </button>
          </div>
        </>
      )}
      {!isWaiting && (
        <details>
          <summary className="small">
            <Said text={JSON.stringify(call.arguments)} limit={120} />
          </summary>
          <Quoted text={JSON.stringify(call.arguments, null, 2)} label={words.arguments} />
          <Quoted text={JSON.stringify(call.output, null, 2)} label={words.result} />
        </details>
      )}
    </section>
  );
}

interface ComposerProps {
  isDisabled: boolean;
  isBusy: boolean;
  onSay(text: string): void;
}

function Composer({ isDisabled, isBusy, onSay }: ComposerProps) {
  const { words } = useWords();
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isDisabled || text.trim() === "") return;
    onSay(text);
    setText("");
  };
  return (
    <form className="card one-line" onSubmit={submit}>
      <label className="field">
        <span>{words.question}</span>
        <input
          value={text}
          maxLength={messageLimit}
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <button type="submit" className="main" disabled={isDisabled || text.trim() === ""}>
        {isBusy && <span className="spinner" aria-hidden="true" />}
        {words.ask}
      </button>
    </form>
  );
}
