import { useState } from "react";
import { call, type Refusal } from "../ui/api.ts";
import { useLoad } from "../ui/load.ts";
import { Badge, Notice, Problem } from "../ui/Notice.tsx";
import { Said } from "../ui/Said.tsx";
import { useTask } from "../ui/task.ts";
import { nameLimit, useReviewer } from "./reviewer.ts";
import { type Room, useRoom } from "./room.ts";
import { api, type Claim, claimPath, type Decision, type Messages } from "./service.ts";
import { Talk } from "./Talk.tsx";
import { uploadDocument } from "./upload.ts";
import { useWords } from "./words.ts";

type Action = "approve" | "reject" | "request_info" | "provide_info" | "comment";

/** The longest comment, message or question that the service takes, in UTF-16 units. */
const messageLimit = 4_000;
/** How long the agent may think about a question, in milliseconds. */
const answerLimitMs = 600_000;

export interface ReviewProps {
  claim: Claim;
  decision: Decision | undefined;
  onChanged(): void;
}

/** The review of a claim by people: who is there, what was said, and what can be done now. */
export function ReviewPanel({ claim, decision, onChanged }: ReviewProps) {
  const { words } = useWords();
  const [reviewer, rename] = useReviewer();
  const room = useRoom(claim.id, reviewer, onChanged);
  const messages = useLoad(`${claim.id} ${room.news} ${claim.version}`, (signal) =>
    call<Messages>(`${api}/review/${claim.id}/messages`, { signal }),
  );
  return (
    <section className="card" aria-label={words.review.title}>
      <h2>{words.review.title}</h2>
      <Presence room={room} />
      <label className="field">
        <span>{words.you}</span>
        <input
          defaultValue={reviewer.reviewer_name}
          maxLength={nameLimit}
          onBlur={({ target }) => target.value.trim() && rename(target.value.trim())}
        />
      </label>
      <Actions claim={claim} decision={decision} reviewer={reviewer} onChanged={onChanged} />
      <Talk
        claim={claim}
        reviewer={reviewer}
        messages={messages.value?.messages ?? []}
        say={room.say}
        onAsked={messages.reload}
        limits={{ messageLimit, answerLimitMs }}
      />
    </section>
  );
}

function Presence({ room }: { room: Room }) {
  const { words } = useWords();
  return (
    <p className="row" aria-live="polite">
      <span className="quiet">
        {words.review.present}
        {words.colon}
      </span>
      {!room.isOpen && <Badge tone="warn">{words.claim.reconnecting}</Badge>}
      {room.others.length === 0 && room.isOpen && <span>{words.review.alone}</span>}
      {room.others.map((other) => (
        <Badge key={other.reviewer_id} tone="info">
          <Said text={other.reviewer_name} limit={60} />
        </Badge>
      ))}
    </p>
  );
}

interface ActionsProps extends ReviewProps {
  reviewer: ReturnType<typeof useReviewer>[0];
}

function Actions({ claim, decision, reviewer, onChanged }: ActionsProps) {
  const { words } = useWords();
  const { review: say } = words;
  const [comment, setComment] = useState("");
  const [done, setDone] = useState<string>();
  const task = useTask(async (action: Action) => {
    setDone(undefined);
    const body = { action, comment, ...reviewer, expected_version: claim.version };
    await call(`${api}/review/${claim.id}/action`, { method: "POST", body }).finally(onChanged);
    setComment("");
    setDone(action === "comment" ? say.send : say[action]);
  });
  const isDenied = decision?.rule_hits.some(({ kind }) => kind === "deny") ?? false;
  const button = (action: Action, label: string, className?: string) => (
    <button
      type="button"
      className={className}
      disabled={task.isRunning || (action === "comment" && comment.trim() === "")}
      onClick={() => task.run(action)}
    >
      {label}
    </button>
  );
  const isOpen = claim.status === "manual_review" || claim.status === "pending_info";
  return (
    <div className="stack">
      <label className="field">
        <span>{say.comment}</span>
        <textarea
          maxLength={messageLimit}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
      </label>
      {isOpen && isDenied && <p className="quiet small">{say.needsComment}</p>}
      <div className="row">
        {isOpen && button("approve", say.approve, "main")}
        {isOpen && button("reject", say.reject, "bad")}
        {claim.status === "manual_review" && button("request_info", say.request_info)}
        {claim.status === "pending_info" && button("provide_info", say.provide_info)}
        {button("comment", say.send)}
      </div>
      <ActionProblem error={task.error} />
      {done !== undefined && <Notice tone="good">{say.done(done)}</Notice>}
      {(claim.status === "pending_info" || claim.status === "failed") && (
        <Replacement claim={claim} onChanged={onChanged} />
      )}
    </div>
  );
}

/** A conflict is explained in the reader's language, with the service's words after it. */
function ActionProblem({ error }: { error: Refusal | undefined }) {
  const { words } = useWords();
  if (error?.status !== 409) return <Problem error={error} />;
  return (
    <Notice tone="bad">
      <p>{words.review.conflict}</p>
      <p className="small">
        <Said text={error.message} limit={500} />
      </p>
    </Notice>
  );
}

function Replacement({ claim, onChanged }: { claim: Claim; onChanged(): void }) {
  const { words } = useWords();
  const task = useTask(async (file: File) => {
    const body = { document_path: await uploadDocument(file) };
    await call(claimPath(claim.id, "/document"), { method: "POST", body });
    onChanged();
  });
  return (
    <label className="field">
      <span>{words.review.replace}</span>
      <input
        type="file"
        disabled={task.isRunning}
        onChange={({ target }) => target.files?.[0] && task.run(target.files[0])}
      />
      <Problem error={task.error} />
    </label>
  );
}
