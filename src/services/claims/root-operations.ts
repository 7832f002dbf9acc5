import * as z from "zod";
import { version } from "../../core/version.ts";
import { defineOperation, jsonAnswer, type Operation } from "../operation.ts";
import type { ClaimsContext } from "./context.ts";
import { answered } from "./documented.ts";
import { openGuard } from "./guards.ts";

const Root = z.object({
  name: z.string(),
  version: z.string(),
  environment: z.string(),
  status: z.literal("healthy"),
});
const Ready = z.object({ status: z.literal("ready"), database: z.literal("connected") });
const NotReady = z.object({ status: z.literal("not_ready"), error: z.string() });
const Alive = z.object({ status: z.literal("alive") });

/** What the service is, and the probes. */
export function rootOperations({ database, settings }: ClaimsContext): Operation[] {
  const common = { method: "GET", tag: "Health", guard: openGuard, isProbe: true } as const;
  return [
    defineOperation({
      ...common,
      path: "/",
      summary: "Tell what this is",
      answers: answered(200, "Name and version", Root),
      answer: () =>
        jsonAnswer(200, {
          name: settings.appName,
          version: settings.appVersion || version,
          environment: settings.environment,
          status: "healthy",
        }),
    }),
    defineOperation({
      ...common,
      path: "/health/live",
      summary: "Tell that the process runs",
      answers: answered(200, "It runs", Alive),
      answer: () => jsonAnswer(200, { status: "alive" }),
    }),
    defineOperation({
      ...common,
      path: "/health/ready",
      summary: "Tell that the database answers",
      answers: {
        ...answered(200, "It answers", Ready),
        ...answered(503, "It does not", NotReady),
      },
      async answer() {
        return (await database.isReady())
          ? jsonAnswer(200, { status: "ready", database: "connected" })
          : jsonAnswer(503, { status: "not_ready", error: "The database is not available" });
      },
    }),
  ];
}
