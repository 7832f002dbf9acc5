import { type SQL, sql } from "drizzle-orm";
import type { Database } from "../../../../db/database.ts";
import { invalidInput } from "../failure.ts";
import { readAmount } from "./amount.ts";

/** What other services may copy. */
export const syncKinds = ["users", "contracts", "precedents", "articles"] as const;
export type SyncKind = (typeof syncKinds)[number];

/** Rows of a kind with the columns id, updated_at, changed_in, deleted and item. */
const sources: Readonly<Record<SyncKind, SQL>> = {
  users: sql`select id, updated_at, changed_in, false as deleted,
    to_jsonb(users) - 'changed_in' as item from users`,
  contracts: sql`select id, updated_at, changed_in, false as deleted,
    to_jsonb(user_contracts) - 'changed_in' as item from user_contracts`,
  articles: sql`select id, updated_at, changed_in, false as deleted,
    to_jsonb(knowledge_base) - 'changed_in' as item from knowledge_base`,
  // A claim that is no longer decided is gone as a precedent; one that never was is left out.
  precedents: sql`select claims.id, claims.updated_at, claims.changed_in, outcome is null as deleted,
      jsonb_build_object(
        'claim_id', claims.id, 'claim_number', claim_number, 'claim_type', claim_type,
        'user_id', user_id, 'claim_text', raw_ocr_text, 'language', language,
        'fields', structured_data, 'outcome', outcome, 'decision', outcome,
        'decided_by', case when final_decision is null then 'agent' else 'reviewer' end,
        'reasoning', coalesce(nullif(final_decision_notes, ''), initial_reasoning),
        'payable_amount', payable_amount, 'currency', currency,
        'processing_time_ms', total_processing_time_ms,
        'submitted_at', submitted_at, 'is_archived', is_archived,
        'decided_at', coalesce(final_decision_at, initial_decided_at)) as item
    from claims
    left join claim_documents on claim_documents.claim_id = claims.id
    left join lateral (select * from claim_decisions where claim_decisions.claim_id = claims.id
      order by initial_decided_at desc limit 1) as decision on true
    where outcome is not null or version > 1`,
};

/** One page of what has changed, oldest change first. */
export interface SyncPage {
  items: Record<string, unknown>[];
  /** Where to go on; null when nothing has changed since. */
  next_cursor: string | null;
}

/**
 * Lists what has changed since a cursor. Only changes of transactions that are older than every running one are shown,
 * so a later page can never hold an earlier change.
 * @throws AppError `invalid_input` for a cursor that is none of ours.
 */
export async function listChanges(
  { queries, run }: Database,
  kind: SyncKind,
  page: { after: string | undefined; limit: number },
): Promise<SyncPage> {
  const after = readCursor(page.after);
  const found = await run(() =>
    queries.execute(sql`
      select id, updated_at, deleted, changed_in::text as changed_in, item::text as item from (
        ${sources[kind]}
        union all
        select id, updated_at, changed_in, true, '{}'::jsonb from sync_tombstones where kind = ${kind}
      ) as change
      where changed_in < pg_snapshot_xmin(pg_current_snapshot())
        and (changed_in, id) > (${after.changedIn}::text::xid8, ${after.id}::text::uuid)
      order by changed_in, id limit ${page.limit}`),
  );
  // The columns are those of the statement above.
  const rows = [...found] as unknown as ChangeRow[];
  const last = rows.at(-1);
  return {
    items: rows.map((row) => printChange(kind, row)),
    next_cursor: last ? printCursor(last) : null,
  };
}

interface ChangeRow {
  id: string;
  updated_at: Date;
  deleted: boolean;
  changed_in: string;
  item: string;
}

function printChange(kind: SyncKind, row: ChangeRow): Record<string, unknown> {
  const { id, updated_at, deleted } = row;
  const common = { id, updated_at, deleted };
  if (deleted) return common;
  const { fields, ...item } = JSON.parse(row.item) as Record<string, unknown>;
  return { ...item, ...(kind === "precedents" && { amount: readAmount(fields) }), ...common };
}

const start = { changedIn: "0", id: "00000000-0000-0000-0000-000000000000" };
const form = /^(\d{1,20})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

function readCursor(text: string | undefined): typeof start {
  if (text === undefined || text === "") return start;
  const [, changedIn, id] = form.exec(text) ?? [];
  if (changedIn !== undefined && id !== undefined && BigInt(changedIn) < 2n ** 64n) {
    return { changedIn, id };
  }
  throw invalidInput(["query", "after"], "not a next_cursor of an earlier answer");
}

function printCursor({ changed_in, id }: ChangeRow): string {
  return `${changed_in}_${id}`;
}
