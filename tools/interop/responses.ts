import { traitsOf } from "./config.ts";
import type { RunningTarget } from "./server.ts";
import type { Way, World } from "./world.ts";
import { serverToken } from "./world.ts";

/** What one case works with. */
export interface CaseContext {
  stack: RunningTarget;
  world: World;
  way: Way;
  /** The model's id as this stack names it. */
  model: string;
}

/** One item of a response's output; which members there are depends on `type`. */
export interface OutputItem {
  type: string;
  id?: string;
  name?: string;
  arguments?: string;
  output?: string | null;
  error?: unknown;
  tools?: { name: string }[];
  content?: { type: string; text?: string }[];
}

/** A finished response. */
export interface StackResponse {
  id: string;
  status: string;
  output: OutputItem[];
}

/** Sends one request to the Responses API and returns its parsed body. */
export async function respond(
  { stack, model }: CaseContext,
  body: Readonly<Record<string, unknown>>,
): Promise<StackResponse> {
  return post(`${stack.url}/v1/responses`, { model, ...body });
}

/** The Responses tool for one of our servers. */
export function mcpTool(
  label: string,
  url: string,
  more: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return { type: "mcp", server_label: label, server_url: url, require_approval: "never", ...more };
}

/** The bearer token in the form that the stack's version takes. */
export function tokenFor({ stack }: CaseContext): Record<string, unknown> {
  return traitsOf(stack.target).takesAuthorization
    ? { authorization: serverToken }
    : { headers: { Authorization: `Bearer ${serverToken}` } };
}

/** The words that the model ends with; empty when there is no message. */
export function answerOf({ output }: StackResponse): string {
  return output
    .filter(({ type }) => type === "message")
    .flatMap(({ content }) => content ?? [])
    .map(({ text }) => text ?? "")
    .join("");
}

/** The tool calls of a response, in order. */
export function callsOf({ output }: StackResponse): OutputItem[] {
  return output.filter(({ type }) => type === "mcp_call");
}

/** Sends JSON and returns the parsed answer; any status but 2xx fails the case with the answer's text. */
export async function post<Answer>(url: string, body: unknown): Promise<Answer> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`POST ${new URL(url).pathname}: ${response.status} ${text.slice(0, 500)}`);
  return JSON.parse(text) as Answer;
}
