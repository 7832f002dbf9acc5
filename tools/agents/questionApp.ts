import { Elysia } from "elysia";
import * as z from "zod";
import { AppError } from "../../src/core/fault.ts";
import { supportAgent } from "./agents.ts";
import { findInvoices, findOrders } from "./lookUps.ts";
import { openSession } from "./session.ts";
import type { AgentValues } from "./settings.ts";

/** The longest question, in UTF-16 units. */
const questionLimit = 20_000;

const endpoints = {
  "/find_orders": "Find the orders of a customer by e-mail address: ?email=",
  "/find_invoices": "Find the invoices of a customer by e-mail address: ?email=",
  "/question": "Ask a question in words: ?q=",
  "/health": "Whether this program runs",
} as const;

/** Any local part will do: some customers' have accents. */
const byEmail = z.object({
  email: z.string("it is missing").regex(/^[^\s@]+@[^\s@]+$/u, "not an e-mail address"),
});
const byWords = z.object({
  q: z
    .string("it is missing")
    .trim()
    .min(1, "it is empty")
    .max(questionLimit, `it is longer than ${questionLimit} characters`),
});

/** The app; it starts without a model and without servers, and says so when they are asked for. */
export function questionApp(values: AgentValues) {
  return new Elysia()
    .onError(({ code, error, set }) => {
      if (code === "VALIDATION") {
        set.status = 422;
        return { detail: `Error reading the request: ${refusalOf(error)}` };
      }
      if (code === "NOT_FOUND") return { detail: "Not Found" };
      set.status = 500;
      return { detail: `Error processing the request: ${wordsOf(error)}` };
    })
    .get("/", () => ({ message: "FantaCo question API", endpoints }))
    .get("/health", () => ({ status: "UP" }))
    .get("/find_orders", ({ query }) => findOrders(values, query.email), { query: byEmail })
    .get("/find_invoices", ({ query }) => findInvoices(values, query.email), { query: byEmail })
    .get(
      "/question",
      async ({ query: { q }, request: { signal } }) => {
        const { text } = await openSession(supportAgent(values), values).ask(q, { signal });
        return { question: q, answer: text };
      },
      { query: byWords },
    );
}

function refusalOf(error: { all?: unknown; message?: unknown }): string {
  const [first]: unknown[] = Array.isArray(error.all) ? error.all : [];
  const { path, message } = Object(first);
  return [path, message ?? error.message].flat().filter(Boolean).join(": ");
}

/** What the caller can act on is told, a bug is not. */
function wordsOf(error: unknown): string {
  if (!(error instanceof AppError)) return "internal error";
  return error.hint === undefined ? error.message : `${error.message}. ${error.hint}`;
}
