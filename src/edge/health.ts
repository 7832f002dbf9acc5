import type { Hosted } from "./hosted.ts";
import { tellGateway } from "./pool-metrics.ts";

export interface HealthSources {
  hosted: readonly Hosted[];
  /** How permissions are enforced: `enforce` or `best-effort`. */
  mode: string;
}

/** Health, readiness and metrics; undefined for any other path. They tell names and states, never arguments. */
export function answerHealth(
  path: string,
  sources: HealthSources,
): Response | Promise<Response> | undefined {
  switch (path) {
    case "/health":
    case "/healthz":
      return Response.json({ status: "UP" });
    case "/health/ready":
    case "/readyz":
      return answerReady(sources);
    case "/metrics":
      return new Response(tellGateway(sources.hosted), {
        headers: { "content-type": "text/plain; version=0.0.4" },
      });
    default:
      return undefined;
  }
}

/** Each server answers a ping now; one that cannot be called makes the whole not ready. */
async function answerReady({ hosted, mode }: HealthSources): Promise<Response> {
  const states = await Promise.all(hosted.map((one) => one.check()));
  const isReady = states.every((state) => state.isReady);
  const servers = hosted.map(({ name, notEnforced }, index) => [
    name,
    { ...states[index], ...(notEnforced.length > 0 && { notEnforced }) },
  ]);
  const body = { status: isReady ? "UP" : "DOWN", mode, servers: Object.fromEntries(servers) };
  return Response.json(body, { status: isReady ? 200 : 503 });
}
