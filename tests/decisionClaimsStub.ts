import type { Facts } from "../mcp/decision/facts.ts";

/** A claims service as docs/claims-internal.md describes it, with what it was sent; for tests of the decision server alone. */
export interface ClaimsStub extends AsyncDisposable {
  url: string;
  /** The recorded rows, by run. */
  rows: Map<string, Record<string, unknown>>;
  /** How it fails: the status that it answers with, or what else it does. */
  fault: { status: number; body: unknown } | undefined;
  /** Settles when it has failed so many more times. */
  refused(times: number): Promise<void>;
}

/** The token that the stub asks for. */
export const internalToken = "internal-token-of-the-tests";

/** Serves the facts of these claims, each with one active run whose id is `run-<claim_id>`. */
export function startClaimsStub(all: readonly Facts[]): ClaimsStub {
  const rows: ClaimsStub["rows"] = new Map();
  let refusals = 0;
  const stub: ClaimsStub = {
    url: "",
    rows,
    fault: undefined,
    async refused(times) {
      const until = refusals + times;
      while (refusals < until) await Bun.sleep(2);
    },
    [Symbol.asyncDispose]: async () => server.stop(true),
  };
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname, searchParams } = new URL(request.url);
      if (stub.fault) {
        refusals++;
        return Response.json(stub.fault.body, { status: stub.fault.status });
      }
      if (pathname === "/health/ready") return Response.json({ status: "ready" });
      if (request.headers.get("authorization") !== `Bearer ${internalToken}`) {
        return Response.json({ detail: "Not authenticated" }, { status: 401 });
      }
      const [, claimId, leaf] =
        /^\/api\/v1\/internal\/claims\/([^/]+)\/(\w+)$/.exec(pathname) ?? [];
      const facts = all.find(({ claim }) => claim.claim_id === claimId);
      if (facts === undefined) return Response.json({ detail: "Claim not found" }, { status: 404 });
      if (leaf === "facts") {
        const runId = searchParams.get("run_id");
        const isKnown = runId === null || runId === `run-${claimId}`;
        if (!isKnown) return Response.json({ detail: "Run not found" }, { status: 404 });
        return Response.json(facts);
      }
      return record(rows, facts, await request.json());
    },
  });
  stub.url = server.url.origin;
  return stub;
}

function record(
  rows: ClaimsStub["rows"],
  { claim }: Facts,
  body: Record<string, unknown>,
): Response {
  const runId = body.run_id === null ? `run-${claim.claim_id}` : String(body.run_id);
  const stored = rows.get(runId);
  if (stored !== undefined) {
    if (stored.call_hash === body.call_hash) return Response.json(stored);
    return Response.json({ detail: "The run has another decision already" }, { status: 409 });
  }
  const row = {
    ...body,
    decision_id: `decision-${runId}`,
    run_id: runId,
    claim_id: claim.claim_id,
  };
  rows.set(runId, row);
  return Response.json(row, { status: 201 });
}
