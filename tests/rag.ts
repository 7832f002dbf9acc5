import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtinSource } from "../mcp/rag/embed/builtin.ts";
import { canonicalType } from "../mcp/rag/retrieve/claimTypes.ts";
import { openStore } from "../mcp/rag/store/open.ts";
import type { Language, NewChunk, NewDocument, Store } from "../mcp/rag/store/port.ts";

/** A folder that is gone after the test file. */
export function createFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "rag-test-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A document of one chunk. */
export function documentOf(
  sourceId: string,
  text: string,
  more: Partial<NewDocument> & { language?: Language; vector?: Float32Array } = {},
): NewDocument {
  const { language = "en", vector, ...rest } = more;
  const chunk: NewChunk = {
    ...{ text, headings: [], language, startOffset: 0, endOffset: text.length },
    ...(vector && { vector }),
  };
  return {
    ...{ sourceId, contentHash: Bun.hash(text).toString(16), title: sourceId },
    ...{ source: `test/${sourceId}`, facets: {}, metadata: {}, chunks: [chunk] },
    ...rest,
  };
}

const users = [
  {
    user_id: "USR002",
    full_name: "Daniel Okafor",
    email: "daniel.okafor@example.com",
    phone_number: "+1 212 555 0142",
    date_of_birth: "1984-05-09",
    address: "14 Alder Street, Springfield",
  },
  { user_id: "USR018", full_name: "Tom Barrow", email: "tom.barrow@example.com" },
];

const contracts = [
  contract(
    "c1",
    "Auto Insurance",
    "2025-01-01",
    "2025-12-31",
    "Collision cover. Exclusions: racing.",
  ),
  contract(
    "c2",
    "Home Insurance",
    "2024-01-01",
    "2024-12-31",
    "Dwelling cover. Exclusions: flood.",
  ),
  contract("c3", "Life Insurance", "2025-07-01", "2045-06-30", "Term of twenty years."),
  { ...contract("c4", "Health Insurance", "2025-01-01", "2025-12-31", "Care."), is_active: false },
];

function contract(
  id: string,
  contract_type: string,
  start_date: string,
  end_date: string,
  terms: string,
) {
  return {
    ...{
      id,
      user_id: "USR002",
      contract_number: `CNT-2025-${id}`,
      contract_type,
      start_date,
      end_date,
    },
    ...{ coverage_amount: 30_000, deductible: 500, currency: "USD", is_active: true },
    ...{ full_text: `${terms} Held by Daniel Okafor.`, key_terms: {}, exclusions: [] },
  };
}

const claims = [
  claim(
    "k1",
    "Auto",
    "approve",
    "Rear-end collision at a red light, bumper replaced. Claimant: Daniel Okafor.",
  ),
  claim(
    "k2",
    "Auto",
    "deny",
    "Collision during a street racing event, front of the car destroyed.",
  ),
  claim("k3", "Health Insurance", "approve", "Emergency appendicitis surgery in the night."),
  claim("k4", "Auto", null, "Rear-end collision on the motorway, waiting for a decision."),
];

function claim(claim_id: string, claim_type: string, decision: string | null, claim_text: string) {
  return {
    ...{
      claim_id,
      claim_number: `CLM-2024-${claim_id}`,
      user_id: "USR002",
      claim_type,
      claim_text,
    },
    ...{ decision, decided_by: "gate", decided_at: "2024-06-01T10:00:00Z", amount: 1200 },
    ...{ reasoning: `Decided for Daniel Okafor: ${decision}`, processing_time_ms: 900 },
  };
}

const articles = [
  article(
    "a1",
    "Flood and home cover",
    "Coverage",
    "Flood damage is excluded from home cover; sudden water damage is covered.",
  ),
  article(
    "a2",
    "Auto claim filing",
    "Claims Processing",
    "Auto claims are filed within 30 days with a police report.",
  ),
  article(
    "a3",
    "Order of deductible and copay",
    "Policy Terms",
    "The deductible is taken first, then the copay.",
  ),
  {
    ...article("a4", "Flood cover of 2020", "Coverage", "Flood damage was covered until 2020."),
    validUntil: "2020-12-31",
  },
];

function article(id: string, title: string, category: string, content: string) {
  return {
    id,
    title,
    category,
    content,
    validFrom: undefined,
    validUntil: undefined as string | undefined,
  };
}

/** Fills a store with a few of the claims service's records as `sync` writes them, vectors of the built-in model included. */
export async function fillWithClaims(store: Store): Promise<void> {
  const titles = {
    users: "Claimants",
    contracts: "Contracts",
    claims: "Claims",
    knowledge_base: "Policy rules",
  };
  for (const [name, title] of Object.entries(titles)) await store.ensureCollection(name, title);
  await store.upsertDocuments(
    "users",
    users.map((user) => ({ ...documentOf(user.user_id, "", { metadata: user }), chunks: [] })),
  );
  await store.upsertDocuments(
    "contracts",
    contracts.map((record) =>
      documentOf(record.id, record.full_text, {
        metadata: record,
        facets: { user_id: record.user_id },
        title: record.contract_type,
      }),
    ),
  );
  await store.upsertDocuments(
    "claims",
    claims.map((record) =>
      documentOf(record.claim_id, record.claim_text, {
        metadata: record,
        facets: {
          type: canonicalType(record.claim_type),
          ...(record.decision && { decision: record.decision }),
        },
        occurredAt: record.decided_at,
      }),
    ),
  );
  await store.upsertDocuments(
    "knowledge_base",
    articles.map(({ validUntil, validFrom: _, ...record }) =>
      documentOf(record.id, record.content, {
        metadata: record,
        title: record.title,
        facets: { category: record.category.toLowerCase() },
        ...(validUntil && { validUntil }),
      }),
    ),
  );
  const embedder = await builtinSource.fit(await store.sampleTexts(1_000));
  await store.setModel(embedder.model);
  await store.embedMissing((texts) => embedder.embedDocuments(texts));
}

/** The message and the hint that a work fails with. */
export async function messageOf(work: Promise<unknown>): Promise<[string, string | undefined]> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return [Object(error).message ?? "no error", Object(error).hint];
}

/** The model of stores that have small vectors. */
export const storeModel = { id: "m", dimensions: 16, documentPrefix: "", queryPrefix: "" };

/** A store with an empty collection "c" and `storeModel`. */
export async function openEmptyStore(place: string): Promise<Store> {
  const store = await openStore(place);
  await store.ensureCollection("c", "Collection");
  await store.setModel(storeModel);
  return store;
}
