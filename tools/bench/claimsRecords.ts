import type { SQL } from "bun";
import { findBroken } from "../../tests/claimsIntact.ts";

/** What is stored of each ended run, by its id: result, decision and steps as one text. */
export type Records = Map<string, string>;
/** The result of the newest run by the number of its claim. */
export type Results = Map<string, string>;

/** The steps of a run of the built-in workflow, as the attempt that finished it takes them. */
const workflowSteps =
  "ocr_document, retrieve_user_info, retrieve_similar_claims, search_knowledge_base, make_final_decision";

export async function readRecords(sql: SQL): Promise<Records> {
  const rows: { id: string; record: string }[] = await sql`
    select r.id, concat_ws('|', r.state, r.result_status, r.outcome, d.id, d.initial_decision, d.payable_amount,
      md5(d.rule_hits::text), (select md5(string_agg(concat_ws(',', l.id, l.status, l.completed_at,
      md5(l.output_data::text)), ';' order by l.id)) from processing_logs l where l.run_id = r.id)) as record
    from processing_runs r left join claim_decisions d on d.run_id = r.id
    where r.state in ('completed', 'failed')`;
  return new Map(rows.map(({ id, record }) => [id, record]));
}

interface NewRun {
  id: string;
  claim: string;
  attempt: number;
  result: string;
  steps: string;
}

/** The runs since `known`, with what came of them. */
async function readNewRuns(sql: SQL, known: Records): Promise<NewRun[]> {
  const rows: NewRun[] = await sql`
    select r.id, c.claim_number as claim, r.attempt, concat_ws(' ', r.result_status, r.outcome, d.payable_amount,
      (select string_agg(hit->>'code', '+') from jsonb_array_elements(d.rule_hits) hit), r.error) as result,
      (select string_agg(l.step_name, ', ' order by l.started_at, l.id) from processing_logs l
        where l.run_id = r.id and l.attempt = r.attempt and l.status = 'completed') as steps
    from processing_runs r join claims c on c.id = r.claim_id
    left join claim_decisions d on d.run_id = r.id where r.origin = 'process'`;
  return rows.filter(({ id }) => !known.has(id));
}

export async function readResults(sql: SQL, known: Records): Promise<Results> {
  const runs = await readNewRuns(sql, known);
  return new Map(runs.map(({ claim, result }) => [claim, result]));
}

/** How many of the runs since `known` were taken over, and which ended otherwise than expected. */
export async function compareResults(
  sql: SQL,
  known: Records,
  expected: Results,
): Promise<{ takenOver: number; differing: string[] }> {
  const runs = await readNewRuns(sql, known);
  const differing = runs
    .filter(({ claim, result }) => result !== expected.get(claim))
    .map(({ claim, result }) => `${claim}: ${result}, expected ${expected.get(claim)}`);
  return { takenOver: runs.filter(({ attempt }) => attempt > 1).length, differing };
}

/** What is stuck, lost or doubled, in words. */
export async function findProblems(
  sql: SQL,
  known: Records,
  promised: readonly string[],
): Promise<string[]> {
  const broken = Object.entries(await findBroken(sql)).filter(([, count]) => count > 0);
  const now = await readRecords(sql);
  const changed = [...known].filter(([id, record]) => now.get(id) !== record);
  const missing = promised.filter((id) => !now.has(id));
  const runs = await readNewRuns(sql, known);
  const incomplete = runs.filter(
    ({ steps, result }) => steps !== workflowSteps && !result.startsWith("failed"),
  );
  return [
    ...broken.map(([name, count]) => `${name}: ${count}`),
    ...changed.map(([id]) => `run ${id} of an earlier round has changed`),
    ...missing.map((id) => `run ${id} was acknowledged and has no end`),
    ...incomplete.map(({ claim, steps }) => `${claim} was decided after ${steps}`),
  ];
}
