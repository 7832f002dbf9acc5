import { Secret } from "../core/secret.ts";

/** A piece of a command line or of an environment; a Secret when any part of it came from one. */
export type Text = string | Secret;

/** The text itself, for the one place that starts the process. */
export function revealText(text: Text): string {
  return text instanceof Secret ? text.reveal() : text;
}
