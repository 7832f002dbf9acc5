import { useEffect, useState } from "react";
import { call, NoAnswer, Refusal } from "../ui/api.ts";
import { type Entry, follow, type TurnEvent } from "./service.ts";

const idKey = "berth.conversation";

export interface Conversation {
  entries: readonly Entry[];
  /** What the model is saying just now. */
  draft: string;
  isBusy: boolean;
  error: Refusal | undefined;
  say(text: string): void;
  decide(callId: string, isApproved: boolean): void;
  /** Leaves this conversation and begins another. */
  restart(): void;
}

/** The conversation of this browser, as the service has kept it. */
export function useConversation(): Conversation {
  const [entries, setEntries] = useState<readonly Entry[]>([]);
  const [draft, setDraft] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Refusal>();
  useEffect(() => {
    const id = localStorage.getItem(idKey);
    if (id === null) return;
    call<{ entries: Entry[] }>(`api/conversations/${id}`).then(
      (kept) => setEntries(kept.entries),
      (reason: unknown) => {
        if (Object(reason).status === 404) localStorage.removeItem(idKey);
      },
    );
  }, []);
  const hear = (event: TurnEvent) => {
    if (event.type === "text") setDraft((text) => text + event.delta);
    else if (event.type === "failed") setError(new Refusal(0, event.message));
    else if (event.type === "entry") {
      if (event.entry.type === "assistant") setDraft("");
      setEntries((list) => place(list, event.place, event.entry));
    }
  };
  const take = async (rest: string, body: object) => {
    setBusy(true);
    setError(undefined);
    try {
      await follow(`api/conversations/${await conversationId()}/${rest}`, body, hear);
    } catch (reason) {
      setError(reason instanceof Refusal ? reason : new NoAnswer("lost"));
    }
    setDraft("");
    setBusy(false);
  };
  return {
    entries,
    draft,
    isBusy,
    error,
    say: (text) => void take("messages", { text }),
    decide: (callId, isApproved) =>
      void take("approvals", { call_id: callId, is_approved: isApproved }),
    restart() {
      localStorage.removeItem(idKey);
      setEntries([]);
      setError(undefined);
    },
  };
}

function place(list: readonly Entry[], at: number, entry: Entry): Entry[] {
  const next = [...list];
  next[at] = entry;
  return next;
}

async function conversationId(): Promise<string> {
  const kept = localStorage.getItem(idKey);
  if (kept !== null) return kept;
  const { id } = await call<{ id: string }>("api/conversations", { method: "POST", body: {} });
  localStorage.setItem(idKey, id);
  return id;
}
