import { afterEach, describe, expect, test } from "bun:test";
import * as z from "zod";
import { connectHttp } from "../../tests/clients.ts";
import { AppError } from "../core/fault.ts";
import { createLogger } from "../core/log.ts";
import { createMux } from "../wire/mux.ts";
import { type FrontServer, serveFront } from "../wire/serve.ts";
import { openPeer } from "./peer.ts";
import { defineTool, type Tool } from "./tool.ts";

const waited: string[] = [];
const tools: readonly Tool<undefined>[] = [
  defineTool({
    name: "fail_by_bug",
    title: "Fail by a bug",
    description: "Throws what nobody expected, with a secret in it.",
    effect: "read",
    input: z.strictObject({}),
    output: z.looseObject({}),
    run: () => Promise.reject(new TypeError("password=hunter2")),
  }),
  defineTool({
    name: "fail_by_fault",
    title: "Fail by a fault",
    description: "Fails as a caller can act on.",
    effect: "read",
    input: z.strictObject({}),
    output: z.looseObject({}),
    run: () =>
      Promise.reject(
        new AppError("conflict", 'Cannot move "a": it is locked', { hint: "Unlock it." }),
      ),
  }),
  defineTool({
    name: "count_steps",
    title: "Count steps",
    description: "Reports progress for each step.",
    effect: "read",
    input: z.strictObject({ steps: z.int().max(5).describe("How many.") }),
    output: z.looseObject({}),
    run: async ({ steps }, _deps, call) => {
      for (let step = 1; step <= steps; step++) call.progress(step, steps, `step ${step}`);
      return { steps };
    },
  }),
  defineTool({
    name: "wait_forever",
    title: "Wait forever",
    description: "Ends only when the call is cancelled.",
    effect: "read",
    input: z.strictObject({}),
    output: z.looseObject({}),
    run: async (_args, _deps, { signal }) => {
      waited.push("started");
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      waited.push("cancelled");
      return {};
    },
  }),
];

let server: FrontServer | undefined;
afterEach(() => server?.stop());

function serveTools(failures?: "success"): FrontServer {
  const log = createLogger("test", "silent");
  const peer = openPeer({
    name: "test",
    title: "Test",
    instructions: "",
    failures,
    tools,
    deps: undefined,
    log,
  });
  server = serveFront({ mux: createMux(peer), port: 0 });
  return server;
}

describe("a tool call", () => {
  test("that fails by a bug says so without its message", async () => {
    await using connected = await connectHttp(`${serveTools().url}/mcp`);
    const result = await connected.client.callTool({ name: "fail_by_bug" });
    const body = {
      error: "Internal error",
      detail: "fail_by_bug failed; see the server's log",
      status_code: null,
    };
    expect<unknown>(result).toEqual({
      content: [{ type: "text", text: JSON.stringify(body) }],
      structuredContent: body,
      isError: true,
    });
  });

  test("that fails by a fault carries its message and what to do next", async () => {
    await using connected = await connectHttp(`${serveTools().url}/mcp`);
    const result = await connected.client.callTool({ name: "fail_by_fault" });
    expect<unknown>(result.structuredContent).toEqual({
      error: 'Cannot move "a": it is locked',
      detail: null,
      status_code: null,
      hint: "Unlock it.",
    });
  });

  test.each([
    ["fail_by_bug", {}, { error: "fail_by_bug failed; see the server's log" }],
    ["fail_by_fault", {}, { error: 'Cannot move "a": it is locked', hint: "Unlock it." }],
    ["fail_by_fault", { force: 1 }, { error: "Unknown argument: force" }],
    ["no_such_tool", {}, { error: "Unknown tool: no_such_tool" }],
  ])(
    "of %s with %p fails with success false where the server words it so",
    async (name, args, said) => {
      await using connected = await connectHttp(`${serveTools("success").url}/mcp`);
      const body = { success: false, ...said };
      expect<unknown>(await connected.client.callTool({ name, arguments: args })).toEqual({
        content: [{ type: "text", text: JSON.stringify(body) }],
        structuredContent: body,
        isError: true,
      });
    },
  );

  test("reports progress to the caller that asked for it, before the result", async () => {
    await using connected = await connectHttp(`${serveTools().url}/mcp`);
    const seen: unknown[] = [];
    const params = { name: "count_steps", arguments: { steps: 2 } };
    const result = await connected.client.callTool(params, undefined, {
      onprogress: (progress) => seen.push({ ...progress }),
    });
    expect(seen).toEqual([
      { progress: 1, total: 2, message: "step 1" },
      { progress: 2, total: 2, message: "step 2" },
    ]);
    expect<unknown>(result.structuredContent).toEqual({ steps: 2 });
  });

  test("stops working when its caller cancels it", async () => {
    waited.length = 0;
    await using connected = await connectHttp(`${serveTools().url}/mcp`);
    const controller = new AbortController();
    const call = connected.client.callTool({ name: "wait_forever" }, undefined, {
      signal: controller.signal,
    });
    while (waited.length < 1) await Bun.sleep(5);
    controller.abort("enough");
    await expect(call).rejects.toThrow("enough");
    while (waited.length < 2) await Bun.sleep(5);
    expect(waited).toEqual(["started", "cancelled"]);
  });
});
