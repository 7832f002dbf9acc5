import { limits } from "./limits.ts";

/** Why a document or a page cannot be read: for the caller to act on, so it is safe to show. */
export type RefusalCode =
  | "unsupported"
  | "variant"
  | "empty"
  | "broken"
  | "encrypted"
  | "too_many_pixels"
  | "too_much_memory"
  | "no_such_page"
  | "no_language"
  | "stuck";

/** A refusal that crosses from a worker to the thread that asked. */
export class Refusal extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.name = "Refusal";
    this.code = code;
  }
}

/** The refusal of a picture or page that is above the limit. */
export function tooManyPixels(
  what: "picture" | "page",
  { width, height }: { width: number; height: number },
): Refusal {
  const state = `the ${what} has ${width} x ${height} pixels; at most ${limits.pagePixels} are read`;
  return new Refusal("too_many_pixels", state);
}
