import { AppError, type Fault } from "../../../src/core/fault.ts";

/** How a call is tried again. */
export interface RetryPlan {
  /** The first wait in milliseconds; each further one is twice as long. */
  firstDelayMs: number;
  /** No wait is longer, whatever the server asks for, in milliseconds. */
  longestDelayMs: number;
  /** How often it is called in all. */
  attempts: number;
}

/** A failure that may pass; `afterMs` is what the server asked for. */
export class PassingFailure extends AppError {
  readonly afterMs: number | undefined;

  constructor(fault: Fault, message: string, options: { afterMs?: number; cause?: unknown } = {}) {
    super(fault, message, { cause: options.cause });
    this.afterMs = options.afterMs;
  }
}

/** Calls until it works, the failure is no passing one, the attempts are used up or the signal says stop. */
export async function retry<T>(
  call: () => Promise<T>,
  plan: RetryPlan,
  signal?: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof PassingFailure) || attempt >= plan.attempts) throw error;
      await wait(delayMs(plan, attempt, error.afterMs), signal);
    }
  }
}

/** The delay before the next attempt: what the server asked for, or twice the last with some jitter. */
function delayMs(plan: RetryPlan, attempt: number, afterMs: number | undefined): number {
  // Half is fixed, half is drawn, so that many clients of one server do not come back together.
  const backoff = plan.firstDelayMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
  return Math.min(plan.longestDelayMs, afterMs ?? backoff);
}

/** Waits, or rejects with the signal's reason. */
export function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
