import * as z from "zod";
import type { Database } from "../../db/database.ts";
import type { RequestMetrics } from "./metrics.ts";
import { defineOperation, type Operation } from "./operation.ts";

const mediaType = "application/vnd.spring-boot.actuator.v3+json";
const metricsType = "text/plain; version=0.0.4; charset=utf-8";
const up = { status: "UP" };
const down = { status: "DOWN" };

/** What the platform asks a service: probes, build information and metrics. Liveness never asks the database. */
export function actuatorOperations(database: Database, metrics: RequestMetrics): Operation[] {
  const readiness = async (whenUp: unknown) =>
    (await database.isReady()) ? actuatorAnswer(200, whenUp) : actuatorAnswer(503, down);
  return [
    internal("/actuator/health", "Health", () =>
      readiness({ ...up, groups: ["liveness", "readiness"] }),
    ),
    internal("/actuator/health/liveness", "Liveness", () => actuatorAnswer(200, up)),
    internal("/actuator/health/readiness", "Readiness", () => readiness(up)),
    // The names by which platforms ask every program alike.
    internal("/livez", "Liveness", () => actuatorAnswer(200, up)),
    internal("/readyz", "Readiness", () => readiness(up)),
    internal("/actuator/info", "Information", () => actuatorAnswer(200, {})),
    internal(
      "/metrics",
      "Metrics in Prometheus text form",
      () => new Response(metrics.render(), { headers: { "content-type": metricsType } }),
    ),
  ];
}

function internal(
  path: string,
  summary: string,
  answer: () => Response | Promise<Response>,
): Operation {
  return defineOperation({
    method: "GET",
    path,
    tag: "Operations",
    summary,
    answers: { 200: { description: summary, schema: z.unknown() } },
    produces: path === "/metrics" ? metricsType : mediaType,
    isInternal: true,
    isProbe: true,
    answer,
  });
}

function actuatorAnswer(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": mediaType } });
}
