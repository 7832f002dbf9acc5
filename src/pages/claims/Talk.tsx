import { type FormEvent, useState } from "react";
import { wordFor } from "../../core/language.ts";
import { call } from "../ui/api.ts";
import { Problem } from "../ui/Notice.tsx";
import { Said } from "../ui/Said.tsx";
import { useTask } from "../ui/task.ts";
import { When } from "./print.tsx";
import type { Reviewer } from "./reviewer.ts";
import { api, type Claim, type Message } from "./service.ts";
import { useWords } from "./words.ts";

export interface TalkProps {
  claim: Claim;
  reviewer: Reviewer;
  messages: readonly Message[];
  say(message: string): boolean;
  onAsked(): void;
  limits: { messageLimit: number; answerLimitMs: number };
}

/** What reviewers and the agent have said about a claim, and the means to say more. */
export function Talk({ claim, reviewer, messages, say, onAsked, limits }: TalkProps) {
  const { words } = useWords();
  const { review } = words;
  const ask = useTask(async (question: string) => {
    const path = `${api}/review/${claim.id}/ask-agent`;
    const body = { question, ...reviewer };
    await call(path, { method: "POST", body, limitMs: limits.answerLimitMs });
    onAsked();
  });
  const isOpen = claim.status === "manual_review" || claim.status === "pending_info";
  const { messageLimit } = limits;
  return (
    <div className="stack">
      <h3>{review.talk}</h3>
      {messages.length === 0 && <p className="quiet">{review.nothing}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a block that scrolls must be reachable by keyboard. */}
      <div className="talk" role="log" aria-label={review.talk} tabIndex={0}>
        <ol className="plain stack">
          {messages.map((message) => (
            <Line key={message.timestamp + message.reviewer_id + message.type} message={message} />
          ))}
        </ol>
      </div>
      <OneLine
        label={review.chat}
        send={review.say}
        limit={messageLimit}
        onSend={(text) => say(text)}
      />
      {isOpen && (
        <OneLine
          label={review.ask}
          send={review.askAgent}
          limit={messageLimit}
          isBusy={ask.isRunning}
          onSend={(text) => {
            ask.run(text);
            return true;
          }}
        />
      )}
      <Problem error={ask.error} />
    </div>
  );
}

function Line({ message }: { message: Message }) {
  const { words } = useWords();
  const { review } = words;
  return (
    <li>
      <span className="quiet small">
        <Said text={message.reviewer_name} limit={60} /> {wordFor(review.kinds, message.type)} ·{" "}
        <When at={message.timestamp} />
      </span>
      <p>
        <Said text={message.message} limit={4_000} />
      </p>
      {message.answer !== undefined && (
        <p className="notice info">
          <strong>
            {review.answer}
            {words.colon}
          </strong>{" "}
          <Said text={message.answer} limit={20_000} />
        </p>
      )}
    </li>
  );
}

interface OneLineProps {
  label: string;
  send: string;
  limit: number;
  isBusy?: boolean;
  /** Whether the text was taken; else it stays. */
  onSend(text: string): boolean;
}

function OneLine({ label, send, limit, isBusy = false, onSend }: OneLineProps) {
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== "" && onSend(text)) setText("");
  };
  return (
    <form className="one-line" onSubmit={submit}>
      <label className="field">
        <span>{label}</span>
        <input
          value={text}
          maxLength={limit}
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <button type="submit" disabled={isBusy || text.trim() === ""}>
        {isBusy && <span className="spinner" aria-hidden="true" />}
        {send}
      </button>
    </form>
  );
}
