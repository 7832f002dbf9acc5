import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { openTestClaims, type TestClaims } from "../../../tests/claims.ts";

let claims: TestClaims;
beforeAll(async () => {
  claims = await openTestClaims();
}, 60_000);
afterAll(() => claims.close());

const path = (id: string, leaf: string) => `/api/v1/claims/${id}/${leaf}`;
const processed = (id: string, query = "?wait=true", options = {}) =>
  claims.send("POST", path(id, `process${query}`), options);

/** Reads server-sent events until the stream ends or `enough` says so. */
async function readEvents(
  url: string,
  headers = {},
  enough: (type: string) => boolean = () => false,
) {
  const response = await fetch(url, { headers });
  const events: { id: string; type: string; data: Record<string, unknown> }[] = [];
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    for (let end = text.indexOf("\n\n"); end !== -1; end = text.indexOf("\n\n")) {
      const frame = text.slice(0, end);
      text = text.slice(end + 2);
      const [, id, type = "", data = ""] = /^id: (\S+)\nevent: (.*)\ndata: (.*)$/.exec(frame) ?? [];
      if (id === undefined) continue;
      events.push({ id, type, data: JSON.parse(data) });
      if (enough(type)) return events;
    }
  }
  return events;
}

describe("a run", () => {
  test.each([
    ["0001", "completed", "approve"],
    ["0008", "completed", "deny"],
    ["0010", "manual_review", null],
    ["0006", "manual_review", null],
    ["0005", "failed", null],
  ])("of %s ends with %s, %p", async (number, status, outcome) => {
    const id = await claims.claimId(number);
    const answer = await processed(id);
    expect([answer.status, answer.json]).toEqual([
      200,
      { claim_id: id, run_id: expect.any(String), status, outcome },
    ]);
    const { json } = await claims.send("GET", `/api/v1/claims/${id}`);
    expect(json).toMatchObject({ status, outcome, total_processing_time_ms: expect.any(Number) });
    const runs = (await claims.send("GET", path(id, "runs"))).json;
    expect([runs.total, runs.runs[0]]).toMatchObject([
      1,
      { state: status === "failed" ? "failed" : "completed", attempt: 1, status, outcome },
    ]);
  });

  test("without a decision is for a person, with the reason and no confidence", async () => {
    const { json } = await claims.send("GET", path(await claims.claimId("0006"), "decision"));
    expect(json).toMatchObject({
      decision: "manual_review",
      confidence: null,
      rule_hits: [{ code: "NO_DECISION_RECORDED", kind: "doubt" }],
      requires_manual_review: true,
    });
  });

  test("that failed for a technical reason says which and has no decision", async () => {
    const id = await claims.claimId("0005");
    const { json } = await claims.send("GET", path(id, "runs"));
    expect(json.runs[0].error).toBe("AGENT_STREAM_BROKEN: the stream broke");
    const decision = await claims.send("GET", path(id, "decision"));
    expect([decision.status, decision.json]).toEqual([
      404,
      { detail: "No decision found for this claim" },
    ]);
  });

  test("keeps its steps, its decision and what was found on the way", async () => {
    const id = await claims.claimId("0001");
    const [listed] = (await claims.send("GET", path(id, "runs"))).json.runs;
    const run = (await claims.send("GET", path(id, `runs/${listed.run_id}`))).json;
    expect(run.steps.map((step: Record<string, unknown>) => [step.step_name, step.status])).toEqual(
      [
        ["ocr_document", "completed"],
        ["retrieve_user_info", "completed"],
        ["retrieve_similar_claims", "completed"],
        ["make_final_decision", "completed"],
      ],
    );
    expect(run.decision).toMatchObject({
      run_id: listed.run_id,
      proposed_decision: "approve",
      decision: "approve",
      confidence: 0.9,
      payable_amount: 1480,
      currency: "USD",
      similar_claims: [],
      user_contract_info: [{ contract_number: "C" }],
    });
    const guardrails = (await claims.send("GET", path(id, "guardrails"))).json;
    expect(guardrails).toMatchObject({
      total: 1,
      detections: [{ detection_type: "email", record_metadata: { masked_value: "[EMAIL_1]" } }],
    });
    const logs = (await claims.send("GET", path(id, "logs"))).json;
    expect(logs.logs).toEqual(run.steps);
    const status = (await claims.send("GET", path(id, "status"))).json;
    expect(status).toMatchObject({ status: "completed", progress_percentage: 100 });
  });

  test("tells all that happened in its order, again and from any place on", async () => {
    const id = await claims.claimId("0001");
    const [{ run_id }] = (await claims.send("GET", path(id, "runs"))).json.runs;
    const url = `${claims.url}${path(id, `events?run_id=${run_id}`)}`;
    const events = await readEvents(url);
    expect(events.map(({ type }) => type)).toEqual([
      "status.changed",
      "run.started",
      "step.started",
      "step.completed",
      "guardrail.detected",
      "step.started",
      "step.completed",
      "step.started",
      "step.completed",
      "decision.proposed",
      "decision.recorded",
      "step.started",
      "step.completed",
      "status.changed",
      "run.completed",
    ]);
    const [epoch = ""] = events[0]?.id.split(":") ?? [];
    expect(events.map(({ id: number }) => number)).toEqual(
      events.map((_, index) => `${epoch}:${index + 1}`),
    );
    const rest = await readEvents(url, { "last-event-id": `${epoch}:12` });
    expect(rest).toEqual(events.slice(12));
    const over = await fetch(url, { headers: { "last-event-id": `${epoch}:15` } });
    expect(over.status).toBe(204);
    // The stream of a claim has no end to be waited for.
    const head = await fetch(`${claims.url}${path(id, "events")}`, { method: "HEAD" });
    expect([head.status, head.headers.get("content-type")]).toEqual([
      200,
      "text/event-stream; charset=utf-8",
    ]);
  });

  test("is followed live", async () => {
    const id = await claims.claimId("0002");
    const following = readEvents(
      `${claims.url}${path(id, "events")}`,
      {},
      (type) => type === "run.completed",
    );
    const answer = await processed(id);
    const events = await following;
    expect(events.at(-1)).toMatchObject({
      data: { run_id: answer.json.run_id, status: "completed" },
    });
    const steps = events.filter(({ type }) => type === "step.completed");
    expect(steps.map(({ data }) => data.progress_percentage)).toEqual([25, 50, 75, 100]);
  });
});

describe("a request to process", () => {
  test("answers at once where the run can be followed", async () => {
    const id = await claims.claimId("0003");
    const { status, json, headers } = await processed(id, "");
    expect([status, json]).toEqual([
      202,
      {
        claim_id: id,
        run_id: expect.any(String),
        status: "processing",
        message: "Processing has started",
        processing_started_at: expect.stringMatching(/^\d{4}-.*Z$/),
        events_url: path(id, `events?run_id=${json.run_id}`),
      },
    ]);
    expect(headers.get("location")).toBe(path(id, `runs/${json.run_id}`));
    const joined = await processed(id);
    expect(joined.json.run_id).toBe(json.run_id);
  });

  test("with the key of an earlier one gets its run", async () => {
    const id = await claims.claimId("0004");
    const headers = { "idempotency-key": "first" };
    const first = await processed(id, "?wait=true", { headers });
    const again = await processed(id, "?wait=true", { headers });
    expect(again.json).toEqual(first.json);
    const other = await processed(id, "?wait=true", { headers: { "idempotency-key": "second" } });
    expect(other.json.run_id).not.toBe(first.json.run_id);
    expect((await claims.send("GET", path(id, "runs"))).json.total).toBe(2);
    const ended = await processed(id, "", { headers });
    expect([ended.status, ended.json]).toMatchObject([
      202,
      { run_id: first.json.run_id, status: "completed", message: "The run of this key has ended" },
    ]);
    const changed = await processed(id, "", { headers, body: { enable_rag: false } });
    expect([changed.status, changed.json.detail[0].msg]).toEqual([
      422,
      "was sent before with other options",
    ]);
  });

  test("is refused once a person has decided, unless it insists", async () => {
    const id = await claims.claimId("0010");
    await processed(id);
    const review = {
      action: "approve",
      comment: "called",
      reviewer_id: "r1",
      reviewer_name: "Ann",
    };
    expect(
      (await claims.send("POST", `/api/v1/review/${id}/action`, { body: review })).status,
    ).toBe(200);
    const refused = await processed(id);
    expect([refused.status, refused.json]).toEqual([
      409,
      { detail: "The claim has been decided by a reviewer" },
    ]);
    expect((await processed(id, "?wait=true&force=true")).status).toBe(200);
    const decision = (await claims.send("GET", path(id, "decision"))).json;
    expect([decision.final_decision, decision.decision]).toEqual([null, "manual_review"]);
  });

  test("without guardrails is accounted for", async () => {
    const id = await claims.claimId("0007");
    await processed(id, "?wait=true", {
      body: { skip_guardrails: true, workflow_type: "expedited" },
    });
    const audit = await claims.sql`select action from audit_log where claim_id = ${id}`;
    expect([...audit]).toEqual([{ action: "guardrails_skipped" }]);
  });
});
