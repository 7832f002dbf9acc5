/** The echo server of the gateway bench, written with the kit: stdio behind every gateway, `--transport http` on its own. */
import * as z from "zod";
import { serve } from "../../../src/kit/serve.ts";
import { defineServer } from "../../../src/kit/server.ts";
import { defineTool } from "../../../src/kit/tool.ts";

const echo = defineTool({
  name: "echo",
  title: "Echo",
  description: "Returns the text that it is given. Takes any text; call nothing next.",
  effect: "read",
  input: z.strictObject({ text: z.string().describe("What comes back.") }),
  output: z.looseObject({ text: z.string() }),
  run: async ({ text }) => ({ text }),
});

await serve(
  defineServer({
    binary: "echo",
    name: "echo",
    title: "Echo",
    about: "Returns what it is given.",
    instructions: "Call echo.",
    http: { port: 0 },
    settings: {},
    examples: [],
    tools: [echo],
    open: () => undefined,
  }),
);
