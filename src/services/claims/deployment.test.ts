import { expect, test } from "bun:test";
import { type ClaimsEnv, openTestClaims, type TestClaims } from "../../../tests/claims.ts";
import { scriptedAgent } from "../../../tests/scripted-agent.ts";
import type { Agent } from "../../agent/port.ts";

// What a deployment sets beside the usual.

async function withClaims(
  env: ClaimsEnv,
  work: (claims: TestClaims) => Promise<void>,
  agentOf = scriptedAgent,
): Promise<void> {
  const claims = await openTestClaims(env, agentOf);
  try {
    await work(claims);
  } finally {
    await claims.close();
  }
}

test(
  "LEGACY_DENY_AS_FAILED shows denials as failures everywhere and stores them as they are",
  () =>
    withClaims({ LEGACY_DENY_AS_FAILED: "true" }, async (claims) => {
      const id = await claims.claimId("2025-0008");
      const { json: ended } = await claims.send("POST", `/api/v1/claims/${id}/process?wait=true`);
      const { json: claim } = await claims.send("GET", `/api/v1/claims/${id}`);
      const { json: status } = await claims.send("GET", `/api/v1/claims/${id}/status`);
      const { json: failed } = await claims.send("GET", "/api/v1/claims?status=failed");
      const { json: counts } = await claims.send("GET", "/api/v1/claims/statistics/overview");
      const [stored] = await claims.sql`select status, outcome from claims where id = ${id}`;
      expect([ended.status, claim.status, claim.outcome, status.status]).toEqual([
        "failed",
        "failed",
        "deny",
        "failed",
      ]);
      expect([
        failed.total,
        counts.failed_claims,
        counts.completed_claims,
        counts.denied_claims,
      ]).toEqual([1, 1, 0, 1]);
      expect(stored).toEqual({ status: "completed", outcome: "deny" });
    }),
  30_000,
);

test(
  "API_TOKEN closes everything but the root, the probes and the documentation",
  () =>
    withClaims({ API_TOKEN: "secret" }, async (claims) => {
      const statusOf = async (path: string, token?: string) =>
        (await claims.send("GET", path, token === undefined ? {} : { token })).status;
      const paths = [
        "/",
        "/health/ready",
        "/openapi.json",
        "/api/v1/claims",
        "/api/v1/review/active",
      ];
      expect(await Promise.all(paths.map((path) => statusOf(path)))).toEqual([
        200, 200, 200, 401, 401,
      ]);
      expect(await statusOf("/api/v1/claims", "secret")).toBe(200);
      const room = "/ws/review/00000000-0000-4000-8000-000000000000?reviewer_id=a&reviewer_name=b";
      const headers = { upgrade: "websocket", connection: "Upgrade" };
      expect((await claims.send("GET", room, { headers })).status).toBe(401);
    }),
  30_000,
);

test("administration without a token is for development only", async () => {
  const path = "/api/v1/admin/database-stats";
  for (const [ENVIRONMENT, status] of [
    ["production", 403],
    ["development", 200],
  ] as const) {
    await withClaims({ ADMIN_TOKEN: "", ENVIRONMENT }, async (claims) => {
      expect((await claims.send("GET", path)).status).toBe(status);
    });
  }
}, 30_000);

/** An agent that hangs until it is told to stop, or for ever. */
function hangingAgent(url: () => string): Agent {
  return {
    ...scriptedAgent(url),
    async *run(_task, { signal }) {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      const message = "stopped";
      yield {
        type: "ended",
        state: "failed",
        reason: "CANCELLED",
        message,
        llmModel: null,
        note: "",
      };
    },
  };
}

test(
  "a run without a sign of life is failed at the next start, and its claim can be processed again",
  () =>
    withClaims(
      { MAX_PROCESSING_TIME_SECONDS: "60", RUN_CONCURRENCY: "1" },
      async (claims) => {
        const id = await claims.claimId("2025-0001");
        const { json: started } = await claims.send("POST", `/api/v1/claims/${id}/process`);
        const stateOf = async () => {
          const { json } = await claims.send("GET", `/api/v1/claims/${id}/runs/${started.run_id}`);
          return json;
        };
        while ((await stateOf()).state !== "running") await Bun.sleep(10);
        await claims.sql`update processing_runs set heartbeat_at = now() - interval '2 minutes'`;
        const other = await claims.startReplica();
        while ((await stateOf()).state === "running") await Bun.sleep(10);
        expect(await stateOf()).toMatchObject({
          state: "failed",
          error: "no sign of life for 60 seconds",
        });
        expect((await claims.send("GET", `/api/v1/claims/${id}`)).json.status).toBe("failed");
        const { json: again } = await claims.send("POST", `/api/v1/claims/${id}/process`);
        expect(again).toMatchObject({ message: "Processing has started" });
        expect(again.run_id).not.toBe(started.run_id);
        await other.stop();
      },
      hangingAgent,
    ),
  30_000,
);
