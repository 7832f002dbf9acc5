import { and, asc, desc, eq, ne, or, sql } from "drizzle-orm";
import * as z from "zod";
import { claimDocuments, claims } from "../../../../db/claims/tables/claims.ts";
import { userContracts, users } from "../../../../db/claims/tables/people.ts";
import type { Database } from "../../../../db/database.ts";
import type { ClaimRow } from "../claims.ts";

/** The most contracts and other claims of one answer. */
const contractLimitCount = 200;
const otherLimitCount = 500;
/** The longest text of a document that is handed over, in UTF-16 units. */
const textLimit = 4_000_000;

const share = z.number().min(0).max(1).nullable().catch(null);
const page = z.int().min(1).nullable().catch(null);

/** Fields and pages as the reader stored them, in whatever form; what does not fit counts as not read. */
const Field = z.object({
  value: z.union([z.string(), z.number()]).nullable().catch(null),
  confidence: share.default(null),
  page: page.default(null),
});
const Fields = z.record(z.string(), Field.catch({ value: null, confidence: null, page: null }));
const Page = z.object({ page: z.int().min(1), confidence: share.default(null) });
const Warnings = z.array(z.string());

type DocumentRow = typeof claimDocuments.$inferSelect;

/** What the decision rules know of a claim, unmasked; docs/claims-internal.md is the contract. */
export async function readFacts({ queries, run }: Database, claim: ClaimRow) {
  const [[user], contracts, [document]] = await Promise.all([
    run(() => queries.select().from(users).where(eq(users.userId, claim.userId))),
    run(() =>
      queries
        .select()
        .from(userContracts)
        .where(eq(userContracts.userId, claim.userId))
        .orderBy(asc(userContracts.startDate), asc(userContracts.contractNumber))
        .limit(contractLimitCount),
    ),
    run(() => queries.select().from(claimDocuments).where(eq(claimDocuments.claimId, claim.id))),
  ]);
  const others = await listOthers({ queries, run }, claim, document?.sha256 ?? null);
  return {
    claim: claimFacts(claim),
    user: user ? { user_id: user.userId, full_name: user.fullName } : null,
    contracts: contracts.map(contractFacts),
    document: document ? documentFacts(document, "with text") : null,
    other_claims: others.map((other) => ({
      ...claimFacts(other.claim),
      status: other.claim.status,
      is_archived: other.claim.isArchived,
      document: other.document ? documentFacts(other.document, "without text") : null,
    })),
  };
}

/** Claims of the same user or with the same document, those with the same document first, then the newest. */
function listOthers(
  { queries, run }: Pick<Database, "queries" | "run">,
  claim: ClaimRow,
  sha256: string | null,
) {
  const isSame = sql`coalesce(${claimDocuments.sha256} = ${sha256}, false)`;
  return run(() =>
    queries
      .select({ claim: claims, document: claimDocuments })
      .from(claims)
      .leftJoin(claimDocuments, eq(claimDocuments.claimId, claims.id))
      .where(and(ne(claims.id, claim.id), or(eq(claims.userId, claim.userId), isSame)))
      .orderBy(desc(isSame), desc(claims.submittedAt))
      .limit(otherLimitCount),
  );
}

function claimFacts(claim: ClaimRow) {
  return {
    claim_id: claim.id,
    claim_number: claim.claimNumber,
    user_id: claim.userId,
    claim_type: claim.claimType,
    submitted_at: claim.submittedAt,
  };
}

/** The terms of a contract, money as numbers. */
export function contractFacts(row: typeof userContracts.$inferSelect) {
  const amount = (text: string | null) => (text === null ? null : Number(text));
  return {
    contract_number: row.contractNumber,
    contract_type: row.contractType,
    start_date: row.startDate,
    end_date: row.endDate,
    coverage_amount: amount(row.coverageAmount),
    deductible: amount(row.deductible),
    copay: amount(row.copay),
    currency: row.currency,
    exclusions: Array.isArray(row.exclusions) ? row.exclusions.map(String) : [],
    is_active: row.isActive,
  };
}

function documentFacts(row: DocumentRow, form: "with text" | "without text") {
  if (row.extractedAt === null) {
    // The hash alone tells whether two claims have one document, read or not.
    return form === "with text" ? null : unreadFacts(row);
  }
  const pages = Array.isArray(row.pages) ? row.pages : [];
  return {
    sha256: row.sha256,
    confidence: row.ocrConfidence,
    pages: pages.flatMap((one) => Page.safeParse(one).data ?? []),
    fields: Fields.safeParse(row.structuredData).data ?? {},
    ...(form === "with text" && { text: (row.rawOcrText ?? "").slice(0, textLimit) }),
    language: row.language,
    warnings: Warnings.safeParse(row.warnings).data ?? [],
  };
}

function unreadFacts({ sha256 }: DocumentRow) {
  return { sha256, confidence: null, pages: [], fields: {}, language: null, warnings: [] };
}
