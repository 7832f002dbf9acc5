import { AppError } from "../../core/fault.ts";

/** The fault of every archive that is not read; `state` says what is wrong with it. */
export function archiveFault(state: string, hint?: string): AppError {
  return new AppError("invalid_input", `Cannot read the archive: ${state}`, {
    hint: hint ?? "Ask its publisher for another one, or repack its folder with `berth pack`.",
  });
}

/** The fault of one entry. */
export function entryFault(path: string, state: string): AppError {
  return archiveFault(`entry ${JSON.stringify(path)} ${state}`);
}
