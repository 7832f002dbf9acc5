import * as z from "zod";
import { canonicalType } from "../retrieve/claimTypes.ts";
import {
  articleRecord,
  claimRecord,
  collections,
  contractRecord,
  userRecord,
} from "../retrieve/records.ts";
import type { NewDocument } from "../store/port.ts";
import { chunkBlocks } from "../text/chunk.ts";
import { paragraphsOf } from "../text/extracted.ts";

/** What every change of the claims service tells. */
export const change = z.looseObject({
  id: z.string(),
  updated_at: z.string(),
  deleted: z.boolean().default(false),
});
export type Change = z.output<typeof change>;

/** One kind of the claims service's records and what becomes of it; the table is in retrieve/records.ts. */
export interface SyncKind {
  /** The last part of the path. */
  name: "users" | "contracts" | "precedents" | "articles";
  collection: string;
  title: string;
  /** Undefined for a record that does not belong into the index, such as an inactive article. */
  documentOf(record: Change): Omit<NewDocument, "contentHash"> | undefined;
}

/** The service's own id of a row: deletions name nothing else. */
export const rowFacet = "row_id";

export const syncKinds: readonly SyncKind[] = [
  { name: "users", collection: collections.users, title: "Claimants", documentOf: userDocument },
  {
    name: "contracts",
    collection: collections.contracts,
    title: "Contracts",
    documentOf: contractDocument,
  },
  {
    name: "precedents",
    collection: collections.claims,
    title: "Decided claims",
    documentOf: claimDocument,
  },
  {
    name: "articles",
    collection: collections.articles,
    title: "Knowledge base",
    documentOf: articleDocument,
  },
];

function userDocument(record: Change): Omit<NewDocument, "contentHash"> {
  const user = userRecord.parse(record);
  return {
    sourceId: user.user_id,
    title: user.user_id,
    source: `claims-service/users/${user.user_id}`,
    facets: { [rowFacet]: record.id },
    metadata: user,
    chunks: [],
  };
}

function contractDocument(record: Change): Omit<NewDocument, "contentHash"> {
  const contract = contractRecord.parse(record);
  const parts = [contract.full_text, plainText(contract.key_terms), plainText(contract.exclusions)];
  const head = [contract.contract_number, contract.contract_type].filter(Boolean).join(", ");
  return {
    sourceId: contract.id,
    title: head,
    source: `claims-service/contracts/${contract.id}`,
    facets: { user_id: contract.user_id, [rowFacet]: record.id },
    metadata: contract,
    chunks: chunksOf([head, ...parts].filter(Boolean).join("\n\n")),
  };
}

function claimDocument(record: Change): Omit<NewDocument, "contentHash"> {
  const claim = claimRecord.parse({ ...record, claim_text: record.claim_text ?? "" });
  // A claim whose document was never read is found by why it was decided.
  const text = claim.claim_text.trim() === "" ? (claim.reasoning ?? "") : claim.claim_text;
  return {
    sourceId: claim.claim_id,
    title: [claim.claim_number, claim.claim_type].filter(Boolean).join(", "),
    source: `claims-service/claims/${claim.claim_id}`,
    facets: {
      [rowFacet]: record.id,
      ...(claim.claim_type && { type: canonicalType(claim.claim_type) }),
      ...(claim.decision && { decision: claim.decision }),
    },
    ...(claim.decided_at && { occurredAt: claim.decided_at }),
    metadata: claim,
    chunks: chunksOf(text),
  };
}

function articleDocument(record: Change): Omit<NewDocument, "contentHash"> | undefined {
  const article = articleRecord.parse(record);
  if (article.is_active === false) return undefined;
  const { effective_date: validFrom, expiry_date: validUntil } = validity.parse(record);
  return {
    sourceId: article.id,
    title: article.title,
    source: `claims-service/articles/${article.id}`,
    facets: {
      [rowFacet]: record.id,
      ...(article.category && { category: article.category.trim().toLowerCase() }),
    },
    // Days are compared as texts: a time behind one would make the first day no part of it.
    ...(validFrom && { validFrom: validFrom.slice(0, dayCharacters) }),
    ...(validUntil && { validUntil: validUntil.slice(0, dayCharacters) }),
    metadata: article,
    chunks: chunksOf(article.content),
  };
}

/** `YYYY-MM-DD`. */
const dayCharacters = 10;

const validity = z.looseObject({
  effective_date: z.string().nullish(),
  expiry_date: z.string().nullish(),
});

function chunksOf(text: string): NewDocument["chunks"] {
  return chunkBlocks(paragraphsOf(text)).chunks;
}

/** The words of a JSON value: names and values, a line each. */
function plainText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(plainText).join("\n");
  if (typeof value !== "object") return String(value);
  return Object.entries(value)
    .map(([name, one]) => `${name.replaceAll("_", " ")}: ${plainText(one)}`)
    .join("\n");
}
