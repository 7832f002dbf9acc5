import { defineOperation, jsonAnswer, type Operation } from "../operation.ts";
import { archiveClaim } from "./archive.ts";
import {
  ArchivedQuery,
  Claim,
  ClaimPage,
  CreateClaim,
  ListQuery,
  Statistics,
} from "./claim-schema.ts";
import { type ClaimRow, createClaim, getClaim, listClaims, printClaim } from "./claims.ts";
import type { ClaimsContext } from "./context.ts";
import {
  answered,
  bodyRefusals,
  claimParams,
  claimRefusals,
  commonRefusals,
  refused,
} from "./documented.ts";
import { checkNamedDocument } from "./documents/check.ts";
import { readId } from "./input.ts";
import { readStatistics } from "./statistics.ts";

const example = {
  user_id: "USR001",
  claim_number: "CLM-2026-0001",
  claim_type: "Medical",
  document_path: "/claim_documents/CLM-2025-0001.pdf",
};

/** The endpoints of claims as such. */
export function claimOperations(context: ClaimsContext): Operation[] {
  const { database, settings } = context;
  const path = `${settings.prefix}/claims`;
  const common = { tag: "Claims" };
  const print = (row: ClaimRow) => printClaim(row, settings.isDenyShownAsFailed);
  const single = { ...common, path: `${path}/:claimId`, params: claimParams };
  return [
    ...withSlash(path, (at) =>
      defineOperation({
        ...common,
        method: "GET",
        path: at,
        summary: "List claims",
        description: "All filters must match; archived claims are left out unless asked for.",
        query: ListQuery,
        answers: { ...answered(200, "One page of claims", ClaimPage), ...commonRefusals },
        async answer({ query }) {
          const found = await listClaims(database, query, settings.isDenyShownAsFailed);
          const { page, page_size } = query;
          return jsonAnswer(200, {
            claims: found.rows.map(print),
            total: found.total,
            page,
            page_size,
          });
        },
      }),
    ),
    ...withSlash(path, (at) =>
      defineOperation({
        ...common,
        method: "POST",
        path: at,
        summary: "File a claim",
        body: CreateClaim,
        bodyExample: example,
        answers: {
          ...answered(201, "The new claim", Claim, ["Location"]),
          ...commonRefusals,
          ...refused(409, "Claim number already exists"),
          ...bodyRefusals,
        },
        async answer({ body }) {
          const document = await checkNamedDocument(body.document_path, settings);
          const row = await createClaim(database, body, document);
          return jsonAnswer(201, print(row), { location: `${path}/${row.id}` });
        },
      }),
    ),
    defineOperation({
      ...common,
      method: "GET",
      path: `${path}/statistics/overview`,
      summary: "Count claims by status and outcome",
      query: ArchivedQuery,
      answers: { ...answered(200, "The counts", Statistics), ...commonRefusals },
      async answer({ query }) {
        return jsonAnswer(200, await readStatistics(context, query.include_archived));
      },
    }),
    defineOperation({
      ...single,
      method: "GET",
      summary: "Get a claim",
      answers: { ...answered(200, "The claim", Claim), ...claimRefusals },
      async answer({ params }) {
        return jsonAnswer(200, print(await getClaim(database, readId(params.claimId, "claim_id"))));
      },
    }),
    ...(["archive", "unarchive"] as const).map((word) =>
      defineOperation({
        ...single,
        method: "POST",
        path: `${path}/:claimId/${word}`,
        summary: word === "archive" ? "Put a claim away" : "Bring a claim back",
        answers: {
          ...answered(200, "The claim", Claim),
          ...claimRefusals,
          ...refused(409, "The claim is being processed"),
        },
        async answer({ params }) {
          const claimId = readId(params.claimId, "claim_id");
          return jsonAnswer(200, print(await archiveClaim(database, claimId, word === "archive")));
        },
      }),
    ),
  ];
}

/** Clients of old call lists with a slash at the end; the documentation names the path without it. */
function withSlash(path: string, define: (path: string) => Operation): Operation[] {
  return [define(path), { ...define(`${path}/`), isUndocumented: true }];
}
