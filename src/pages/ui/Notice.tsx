import type { ReactNode } from "react";
import { NoAnswer, type Refusal } from "./api.ts";
import { visible } from "./visible.ts";
import { useCommonWords } from "./words.ts";

export type Tone = "good" | "bad" | "warn" | "info" | "plain";

/** A message to the reader; bad ones interrupt a screen reader, others wait. */
export function Notice({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <div className={`notice ${tone}`} role={tone === "bad" ? "alert" : "status"}>
      {children}
    </div>
  );
}

/** What went wrong, if anything. */
export function Problem({ error }: { error: Refusal | undefined }) {
  const { words } = useCommonWords();
  if (error === undefined) return null;
  const said = error instanceof NoAnswer ? words[error.kind] : error.message;
  return <Notice tone="bad">{visible(said.slice(0, 2_000))}</Notice>;
}

/** Something is on its way. */
export function Loading() {
  const { words } = useCommonWords();
  return <p className="quiet">{words.loading}…</p>;
}

export function Badge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return <span className={`badge ${tone}`}>{children}</span>;
}
