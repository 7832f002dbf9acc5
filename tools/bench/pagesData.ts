import type { SQL } from "bun";

/** How many claims the long list has, and how many events the long timeline: two for each step. */
export const claimCount = 100_000;
export const eventCount = 10_000;

/** Adds claims of all sample users, in every state. */
export async function fillWithClaims(sql: SQL): Promise<void> {
  await sql`
    insert into claims (user_id, claim_number, claim_type, document_path, status, outcome, submitted_at)
    select 'USR' || lpad((1 + n % 25)::text, 3, '0'), 'BULK-' || lpad(n::text, 6, '0'),
      (array['Medical', 'Auto', 'Home', 'Life'])[1 + n % 4], '/claim_documents/CLM-2025-0001.pdf',
      (array['pending', 'completed', 'manual_review', 'failed'])[1 + n % 4],
      case when n % 4 = 1 then 'approve' end, now() - make_interval(mins => n)
    from generate_series(0, ${claimCount - 1}::int) as n`;
  await sql`analyze claims`;
}

/** Gives a claim the events of thousands of steps. */
export async function fillWithEvents(sql: SQL, claimId: string): Promise<void> {
  await sql`
    insert into claim_events (claim_id, number, run_id, type, data)
    select ${claimId}::uuid, n, null, case when n % 2 = 1 then 'step.started' else 'step.completed' end,
      jsonb_build_object('run_id', null, 'timestamp', '2026-01-01T00:00:00Z',
        'step_id', 's' || ((n + 1) / 2), 'step_name', 'step ' || ((n + 1) / 2) || case when n % 2 = 0 then ' done' else '' end,
        'agent_name', 'ocr-agent', 'arguments', '{}'::jsonb, 'output', '{}'::jsonb, 'duration_ms', 1)
    from generate_series(1, ${eventCount}::int) as n`;
  await sql`
    insert into claim_streams (claim_id, last_number) values (${claimId}::uuid, ${eventCount})
    on conflict (claim_id) do update set last_number = excluded.last_number`;
}
