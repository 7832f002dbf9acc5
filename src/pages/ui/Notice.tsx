import type { ReactNode } from "react";
import type { Refusal } from "./api.ts";
import { visible } from "./visible.ts";

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
  if (error === undefined) return null;
  return <Notice tone="bad">{visible(error.message.slice(0, 2_000))}</Notice>;
}

export function Badge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return <span className={`badge ${tone}`}>{children}</span>;
}
