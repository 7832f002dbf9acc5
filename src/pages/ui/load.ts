import { useCallback, useEffect, useState } from "react";
import { Refusal } from "./api.ts";

/** Something that is fetched: what there is of it, and what went wrong with the last attempt. */
export interface Loaded<Value> {
  value: Value | undefined;
  error: Refusal | undefined;
  isLoading: boolean;
  reload(): void;
}

/** Refusals of a service that is away for a while: it starts, its database is gone, nothing answers. */
const awayStatuses: ReadonlySet<number> = new Set([0, 503]);
/** How long before it is asked again, in milliseconds. */
const retryMs = 2_000;

/**
 * Fetches something, again whenever `key` changes or `reload` is called. The earlier value stays until the new one is
 * there, so that a page does not flicker; an answer that comes too late is dropped, and a service that is away is asked again.
 */
export function useLoad<Value>(
  key: string,
  fetchIt: (signal: AbortSignal) => Promise<Value>,
): Loaded<Value> {
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<Omit<Loaded<Value>, "reload">>({
    value: undefined,
    error: undefined,
    isLoading: true,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what the function closes over.
  useEffect(() => {
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    setState((before) => ({ ...before, isLoading: true }));
    fetchIt(leaving.signal).then(
      (value) => {
        if (!leaving.signal.aborted) setState({ value, error: undefined, isLoading: false });
      },
      (error: unknown) => {
        if (leaving.signal.aborted) return;
        const refusal = error instanceof Refusal ? error : new Refusal(0, String(error));
        setState((before) => ({ ...before, error: refusal, isLoading: false }));
        const isBack = () => setAttempt((count) => count + 1);
        if (awayStatuses.has(refusal.status)) timer = setTimeout(isBack, retryMs);
      },
    );
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, [key, attempt]);
  const reload = useCallback(() => setAttempt((count) => count + 1), []);
  return { ...state, reload };
}
