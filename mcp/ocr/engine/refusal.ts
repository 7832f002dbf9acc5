/** Why a document or a page cannot be read: for the caller to act on, so it is safe to show. */
export type RefusalCode =
  | "unsupported"
  | "empty"
  | "broken"
  | "encrypted"
  | "too_many_pixels"
  | "too_much_memory"
  | "no_such_page"
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
