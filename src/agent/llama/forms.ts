import type { Secret } from "../../core/secret.ts";

/** What differs between the versions of Llama Stack. */
export interface StackForms {
  /** Up to 0.3 a token goes into the tool's headers; from 0.4 on those are refused and `authorization` takes it. */
  readonly auth: "headers" | "authorization";
  /** From 0.7 on single tools can be named; before, all tools of a server wait for approval or none. */
  readonly approval: "byTool" | "byServer";
}

/** The forms for a version as /v1/version tells it; an unknown one is taken for a new one. */
export function formsOf(version: string): StackForms {
  const match = /^v?(\d{1,4})\.(\d{1,4})/.exec(version);
  const [major, minor] = match ? [Number(match[1]), Number(match[2])] : [1, 0];
  const isOlderThan = (least: number) => major === 0 && minor < least;
  return {
    auth: isOlderThan(4) ? "headers" : "authorization",
    approval: isOlderThan(7) ? "byServer" : "byTool",
  };
}

/** One MCP server as a tool of the Responses API. */
export function mcpTool(
  server: { label: string; url: string; tools: readonly string[]; writes: readonly string[] },
  options: { forms: StackForms; token: Secret | undefined; isApproved: boolean },
): Record<string, unknown> {
  const { forms, token, isApproved } = options;
  const bearer = token?.reveal();
  const hasWrites = server.writes.length > 0;
  return {
    type: "mcp",
    server_label: server.label,
    server_url: server.url,
    allowed_tools: [...server.tools],
    require_approval: isApproved && hasWrites ? approvalOf(server.writes, forms) : "never",
    ...(bearer === undefined
      ? {}
      : forms.auth === "headers"
        ? { headers: { Authorization: `Bearer ${bearer}` } }
        : { authorization: bearer }),
  };
}

function approvalOf(writes: readonly string[], forms: StackForms): unknown {
  return forms.approval === "byTool" ? { always: [...writes] } : "always";
}
