import type { DocumentFile } from "./documents.ts";
import { limits } from "./engine/limits.ts";
import { refuse } from "./refuse.ts";

/** A document that came in base64 with the call. @throws AppError when it is no base64 or above the limit. */
export function readInline(name: string, base64: string): DocumentFile {
  const text = base64.replace(/^data:[^,]{0,200};base64,/, "").replace(/\s+/g, "");
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) refuse("invalid_input", name, "it is no base64");
  const decoded = Buffer.from(text, "base64");
  if (decoded.length > limits.inlineBytes)
    refuse(
      "too_large",
      name,
      `it has ${decoded.length} bytes; at most ${limits.inlineBytes} may be sent`,
    );
  const bytes = new Uint8Array(new SharedArrayBuffer(decoded.length));
  bytes.set(decoded);
  return { name: name.split("/").at(-1) ?? name, bytes };
}
