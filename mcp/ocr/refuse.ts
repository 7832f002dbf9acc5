import { AppError, type Fault } from "../../src/core/fault.ts";
import { Refusal, type RefusalCode } from "./engine/refusal.ts";

/** Characters of a caller's own text that a message repeats. */
const quotedLimit = 200;

/** Ends a call in the form that clients of the document server know: `{success: false, error}`. */
export function refuse(fault: Fault, document: string, state: string, hint?: string): never {
  const quoted = JSON.stringify(document.slice(0, quotedLimit));
  const message = `Cannot read the document ${quoted}: ${state}`;
  throw new AppError(fault, message, {
    detail: { success: false, error: message },
    ...(hint !== undefined && { hint }),
  });
}

const faults: Readonly<Record<RefusalCode, { fault: Fault; hint?: string }>> = {
  unsupported: {
    fault: "unsupported_media_type",
    hint: "Call list_supported_formats; formats are told by content, not by the file's name.",
  },
  variant: { fault: "unsupported_media_type", hint: "Save it as PNG or PDF." },
  empty: { fault: "invalid_input" },
  broken: { fault: "invalid_input", hint: "Ask for the document again; this copy is damaged." },
  encrypted: { fault: "invalid_input", hint: "Ask for a copy without a password." },
  too_many_pixels: { fault: "too_large", hint: "Scan it again at 300 dots per inch." },
  too_much_memory: { fault: "too_large" },
  no_such_page: { fault: "invalid_input", hint: 'Give pages as a list such as "1-3,7".' },
  no_language: { fault: "invalid_input", hint: "Ask for another language." },
  stuck: { fault: "timeout" },
};

/** Waits for the engine and turns its refusals into the caller's. */
export async function orRefuse<Value>(document: string, work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { fault, hint } = faults[error.code];
    return refuse(fault, document, error.message, hint);
  }
}
