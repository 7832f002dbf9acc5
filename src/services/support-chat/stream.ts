import { AppError } from "../../core/fault.ts";
import type { TurnEvent } from "./turn.ts";

/**
 * Streams a turn as server-sent events; one at a time in each conversation. A reader who leaves does not stop a call that
 * has begun: the turn is run to its end, and what came of it is stored.
 * @throws AppError `conflict` while another turn goes on.
 */
export async function streamTurn(
  busy: Set<string>,
  id: string,
  turn: AsyncGenerator<TurnEvent>,
): Promise<Response> {
  if (busy.has(id))
    throw new AppError("conflict", "Cannot go on: the last answer is still being given");
  busy.add(id);
  const free = () => busy.delete(id);
  // The first event is awaited, so that a refusal is an answer of its own and no stream.
  const first = await turn.next().catch((error: unknown) => {
    free();
    throw error;
  });
  const encoder = new TextEncoder();
  let isGone = false;
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const write = (event: TurnEvent) => {
        if (!isGone) controller.enqueue(encoder.encode(`data: ${JSON.stringify(event)}\n\n`));
      };
      try {
        if (!first.done) write(first.value);
        for await (const event of turn) write(event);
      } catch (error) {
        write({
          type: "failed",
          message: error instanceof AppError ? error.message : "An internal error",
        });
      } finally {
        free();
        if (!isGone) controller.close();
      }
    },
    cancel() {
      isGone = true;
    },
  });
  const headers = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
  };
  return new Response(body, { headers });
}
