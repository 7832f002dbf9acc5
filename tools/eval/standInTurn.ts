import type { Think } from "../interop/model.ts";
import type { Kept, ResponsesRequest } from "./standIn.ts";
import type { ServerTools } from "./standInServers.ts";

/** One item of a response's output. */
export type Item = { type: string; id: string } & Record<string, unknown>;

/** The most inferences of one response, as Llama Stack has it. */
const inferenceLimitCount = 10;

interface Turn {
  body: ResponsesRequest;
  servers: readonly ServerTools[];
  /** What this response leaves behind. */
  memory: Kept;
}

/** Lets the model and the tools take turns until there is an answer, a question for approval or no more patience. */
export async function converse(think: Think, turn: Turn): Promise<Item[]> {
  const output: Item[] = turn.servers.map(({ label, tools }) => ({
    ...head("mcp_list_tools"),
    server_label: label,
    tools: tools.map((name) => ({ name, input_schema: {} })),
  }));
  takeApprovals(turn);
  const { messages } = turn.memory;
  for (let count = 0; count < inferenceLimitCount; count++) {
    const thought = think(messages);
    if ("answer" in thought) {
      messages.push({ role: "assistant", content: thought.answer });
      const content = [{ type: "output_text", text: thought.answer }];
      return [...output, { ...head("message"), role: "assistant", content }];
    }
    const { tool: name, arguments: text } = thought;
    const server = turn.servers.find(({ tools }) => tools.includes(name));
    // A call of an unknown tool is handed to the caller.
    if (!server) return [...output, { ...head("function_call"), name, arguments: text }];
    const call = { server_label: server.label, name, arguments: text };
    if (server.isWaiting(name)) {
      const { asked } = turn.memory;
      const known = asked.find((one) => one.tool === name && one.arguments === text);
      // A refusal ends the output there, in every version.
      if (known?.isApproved === false) return output;
      if (known?.isApproved !== true) {
        const item = { ...head("mcp_approval_request"), ...call };
        asked.push({ id: item.id, tool: name, arguments: text, isApproved: undefined });
        return [...output, item];
      }
    }
    const result = await callTool(server, name, text);
    output.push({ ...head("mcp_call"), ...call, ...result });
    messages.push(
      { role: "assistant", content: null },
      { role: "tool", content: result.output ?? result.error },
    );
  }
  return output;
}

function takeApprovals({ body: { input }, memory }: Turn): void {
  for (const { type, approval_request_id: id, approve } of typeof input === "string" ? [] : input) {
    const request = memory.asked.find((one) => one.id === id);
    if (type === "mcp_approval_response" && request) request.isApproved = approve === true;
  }
}

async function callTool({ client }: ServerTools, name: string, text: string) {
  const result = await client.callTool({ name, arguments: JSON.parse(text) });
  const parts: unknown[] = Array.isArray(result.content) ? result.content : [];
  const output = parts.map((part) => String(Object(part).text ?? "")).join(" ");
  // The words of the error are in the output; this is all that Llama Stack says of it.
  return { output, error: result.isError === true ? "Error (code 1): None" : null };
}

function head(type: string): { type: string; id: string } {
  return { type, id: `${type}_${crypto.randomUUID()}` };
}
