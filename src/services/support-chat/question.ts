import { defineOperation, jsonAnswer, type Operation } from "../operation.ts";
import type { ChatParts } from "./operations.ts";
import { isWaiting, put, takeTurn } from "./turn.ts";

/** The longest question, in UTF-16 units, and how long its answer may take, in milliseconds. */
const questionLimit = 20_000;
const answerLimitMs = 300_000;

/** One question and its whole answer, as older pages ask for it. Nobody can approve here, so nothing is written. */
export function questionOperation({ conversations, toolbox, model }: ChatParts): Operation {
  return defineOperation({
    method: "GET",
    path: "/api/question",
    tag: "Chat",
    summary: "Ask one question",
    answers: {},
    async answer({ request }) {
      const question = new URL(request.url).searchParams.get("q")?.slice(0, questionLimit) ?? "";
      if (question.trim() === "") {
        return jsonAnswer(400, { error: 'Question parameter "q" is required' });
      }
      if (model === undefined) return jsonAnswer(503, { error: "No model is configured" });
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(answerLimitMs)]);
      const id = conversations.create();
      const turn = { id, entries: [], conversations, toolbox, model, signal };
      put(turn, 0, { type: "user", text: question });
      let failure: string | undefined;
      for await (const event of takeTurn(turn)) {
        if (event.type === "failed") failure = event.message;
      }
      if (failure !== undefined) return jsonAnswer(503, { error: failure });
      return jsonAnswer(200, { question, answer: answerOf(conversations.find(id) ?? []) });
    },
  });
}

function answerOf(entries: Parameters<typeof isWaiting>[0]): string {
  const texts = entries.flatMap((entry) => (entry.type === "assistant" ? [entry.text] : []));
  const note = isWaiting(entries)
    ? ["A tool that writes was not called: nobody could approve it."]
    : [];
  return [...texts, ...note].join("\n\n");
}
