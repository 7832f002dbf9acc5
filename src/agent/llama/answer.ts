import { Masker } from "../../core/privacy/masker.ts";
import { AgentFailure } from "../failure.ts";
import type { ReviewQuestion } from "../port.ts";
import type { LlamaStack } from "./agent.ts";
import { messageText } from "./items.ts";
import { delimit, loadInstructions } from "./prompt.ts";
import { buildRequest, readingSteps } from "./request.ts";

/** The most earlier questions that go along, and the longest answer, in UTF-16 units. */
const earlierLimitCount = 10;
const answerLimit = 20_000;

/** Answers a reviewer's question by the model, from the masked record and with tools that only read. */
export async function answerQuestion(
  llama: LlamaStack,
  question: ReviewQuestion,
  signal: AbortSignal,
): Promise<string> {
  const masker = new Masker([question.userName]);
  const request = await buildRequest(llama, {
    instructions: await loadInstructions("answer", llama.promptsDir),
    input: questionInput(question, masker),
    wanted: readingSteps,
    hasDecision: false,
    signal,
  });
  let answer = "";
  for await (const event of llama.stack.stream(request, signal)) {
    const item: Record<string, unknown> = Object(event.item);
    if (event.type === "response.output_item.done" && item.type === "message") {
      answer = messageText(item);
    }
    if (event.type === "response.failed" || event.type === "error") break;
    const output: unknown = Object(event.response).output;
    if (event.type === "response.completed" && answer === "" && Array.isArray(output)) {
      answer = output.map((one: unknown) => messageText(Object(one))).join("\n");
    }
  }
  if (answer.trim() === "") {
    throw new AgentFailure("AGENT_STREAM_BROKEN", "the model gave no answer");
  }
  return masker.mask(answer.slice(0, answerLimit)).text;
}

function questionInput(
  { question, userId, claimId, context }: ReviewQuestion,
  masker: Masker,
): string {
  const { documentText, earlier, ...record } = context;
  return [
    `claim_id: ${claimId}`,
    `user_id: ${userId}`,
    `Record: ${JSON.stringify(masker.maskJson(record))}`,
    delimit(masker.mask(documentText ?? "").text),
    ...earlier
      .slice(-earlierLimitCount)
      .map((one) => masker.mask(`Earlier question: ${one.question}\nAnswer: ${one.answer}`).text),
    `Question: ${masker.mask(question).text}`,
  ].join("\n\n");
}
