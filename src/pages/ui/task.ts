import { useState } from "react";
import { Refusal } from "./api.ts";

/** Something that the reader sets off: at most once at a time, with what went wrong. */
export interface Task<Input extends unknown[]> {
  run(...input: Input): void;
  isRunning: boolean;
  error: Refusal | undefined;
}

export function useTask<Input extends unknown[]>(
  work: (...input: Input) => Promise<void>,
): Task<Input> {
  const [isRunning, setRunning] = useState(false);
  const [error, setError] = useState<Refusal>();
  const run = (...input: Input) => {
    if (isRunning) return;
    setRunning(true);
    setError(undefined);
    work(...input)
      .catch((reason: unknown) => {
        setError(reason instanceof Refusal ? reason : new Refusal(0, String(reason)));
      })
      .finally(() => setRunning(false));
  };
  return { run, isRunning, error };
}
