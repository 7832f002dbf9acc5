import type { Masker } from "../../core/privacy/masker.ts";

/** The longest reason that is told, and how much of a longer one is looked at for it, in UTF-16 units. */
const reasonLimit = 500;
const maskLimit = 5_000;

/** A reason as it may be stored and shown: a model and its server may write anything, and any amount of it. */
export function shortened(masker: Masker, reason: string): string {
  const text = masker.mask(reason.slice(0, maskLimit)).text;
  return text.length > reasonLimit ? `${text.slice(0, reasonLimit)}…` : text;
}

/** The reason that a server gives, which need not be a text. */
export function reasonIn(message: unknown): string {
  return typeof message === "string" && message.trim() !== "" ? message : "it gives no reason";
}
