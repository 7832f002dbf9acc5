import { useEffect, useRef, useState } from "react";
import { call } from "../ui/api.ts";
import { openSocket, type Socket } from "../ui/socket.ts";
import type { Reviewer } from "./reviewer.ts";
import { type ActiveSessions, api } from "./service.ts";

/** Those who look at a claim, and a number that rises whenever something was said or done there. */
export interface Room {
  others: readonly Reviewer[];
  isOpen: boolean;
  news: number;
  /** Says something to everybody in the room; false when the connection is down. */
  say(message: string): boolean;
}

/** What a server message may carry beside its type. */
interface Heard extends Partial<Reviewer> {
  type: string;
  reviewers?: Reviewer[];
}

async function listPresent(claimId: string): Promise<readonly Reviewer[]> {
  const { active_sessions: sessions } = await call<ActiveSessions>(`${api}/review/active`);
  return sessions.find(({ claim_id }) => claim_id === claimId)?.reviewers ?? [];
}

/** Enters the room of a claim, and leaves it with the page. */
export function useRoom(claimId: string, reviewer: Reviewer, onChanged: () => void): Room {
  const [others, setOthers] = useState<readonly Reviewer[]>([]);
  const [isOpen, setOpen] = useState(false);
  const [news, setNews] = useState(0);
  const socket = useRef<Socket>(undefined);
  const changed = useRef(onChanged);
  changed.current = onChanged;
  const { reviewer_id: id, reviewer_name: name } = reviewer;
  useEffect(() => {
    const query = new URLSearchParams({ reviewer_id: id, reviewer_name: name });
    let asked = 0;
    // Answers may come in another order than the news that they are about: only the newest question counts.
    const look = async () => {
      const number = ++asked;
      const present = await listPresent(claimId);
      if (number === asked) setOthers(present.filter(({ reviewer_id }) => reviewer_id !== id));
    };
    const hear = (message: Heard) => {
      const { type, reviewers, reviewer_id: who = "" } = message;
      const others = (list: readonly Reviewer[]) => list.filter((one) => one.reviewer_id !== who);
      if (type === "connected") setOthers((reviewers ?? []).filter((r) => r.reviewer_id !== id));
      else if (type === "reviewer_left") {
        // They may have another window open, or have come back under another name: the service knows.
        void look();
      } else if (type === "reviewer_joined" && who !== id) {
        const joined = { reviewer_id: who, reviewer_name: message.reviewer_name ?? who };
        setOthers((list) => [...others(list), joined]);
        void look();
      } else if (["chat_message", "action_taken", "qa_exchange"].includes(type)) {
        setNews((count) => count + 1);
        if (type === "action_taken") changed.current();
      }
    };
    // The messages are those of the service's room; what has another form falls through.
    const opened = openSocket(`${api}/ws/review/${claimId}?${query}`, {
      message: (message) => hear(message as unknown as Heard),
      state: setOpen,
    });
    socket.current = opened;
    return () => {
      asked++;
      opened.close();
    };
  }, [claimId, id, name]);
  const say = (message: string) => socket.current?.send({ type: "chat", message }) ?? false;
  return { others, isOpen, news, say };
}
