import { invalidInput } from "./failure.ts";

/** A key is short and printable; it is stored with the run. */
const acceptable = /^[\x21-\x7e]{1,255}$/;

/** The key with which a client marks repeats of one request. @throws AppError `invalid_input`. */
export function readIdempotencyKey(request: Request): string | undefined {
  const key = request.headers.get("idempotency-key");
  if (key === null) return undefined;
  if (acceptable.test(key)) return key;
  throw invalidInput(["header", "Idempotency-Key"], "must be 1 to 255 printable characters");
}
