import { AppError } from "../../core/fault.ts";
import type { ProgramContext, Running } from "../../core/program.ts";
import { parseInput } from "../field-errors.ts";
import { readPlainJsonBody } from "../json-body.ts";
import { createRequestMetrics } from "../metrics.ts";
import { jsonAnswer } from "../operation.ts";
import type { AnswerFailure } from "../request-life.ts";
import { createRestApp, type RestApp } from "../rest-app.ts";
import { openConversations } from "./conversation.ts";
import { openModel } from "./model.ts";
import { chatOperations } from "./operations.ts";
import type { ChatSettings } from "./settings.ts";
import { openToolbox } from "./toolbox.ts";

/** Starts the chat: it needs no server to be there, and says on its page which ones are missing. */
export async function serveChat(
  settings: ChatSettings,
  { log }: Pick<ProgramContext, "log">,
): Promise<Running & { url: string }> {
  const conversations = openConversations(settings.database);
  const toolbox = openToolbox(settings);
  const model = openModel(settings);
  const app = createRestApp(chatOperations({ conversations, toolbox, model }), {
    answerFailure,
    log,
    metrics: createRequestMetrics(),
    cors: { prefix: "/", origins: [] },
    token: settings.token,
    input: { readBody: readPlainJsonBody, parse: parseInput },
  });
  const server = listen(app, settings);
  log.info({ url: server.url.origin, model: model?.name ?? null }, "listening");
  return {
    url: server.url.origin,
    async stop() {
      await server.stop();
      await toolbox.close();
      conversations.close();
    },
  };
}

function listen(app: RestApp, { host, port }: ChatSettings): Bun.Server<undefined> {
  try {
    return Bun.serve({
      hostname: host,
      port,
      development: false,
      reusePort: false,
      // A model may think for longer than connections usually may be silent.
      idleTimeout: 0,
      fetch: (request) =>
        isLoopback(host) && !isLoopback(hostOf(request))
          ? jsonAnswer(403, { detail: "Cannot serve the request: its Host is not this machine" })
          : app.handle(request),
    });
  } catch (cause) {
    throw new AppError("invalid_config", `Cannot listen on ${host}:${port}: ${String(cause)}`, {
      hint: "Choose another --port, or 0 for a free one.",
      cause,
    });
  }
}

/** A client without a Host header leaves the server with a bare path: no browser does that. */
function hostOf({ url }: Request): string {
  return URL.canParse(url) ? new URL(url).hostname : "localhost";
}

/** A page of another name that resolves to this machine could call the tools with the reader's browser. */
function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[?::1\]?)$/.test(host);
}

const answerFailure: AnswerFailure = (error) => {
  if (error === undefined) return jsonAnswer(500, { detail: "Internal server error" });
  return jsonAnswer(error.status, { detail: error.message });
};
