import * as z from "zod";
import { defineOperation, jsonAnswer, type Operation } from "../operation.ts";
import { readDatabaseStats, resetDatabase } from "./admin.ts";
import { auditPageCount, listAudit } from "./audit.ts";
import { Instant } from "./claim-schema.ts";
import type { ClaimsContext } from "./context.ts";
import { answered, commonRefusals, refused } from "./documented.ts";
import { adminGuard } from "./guards.ts";
import { queryNumber } from "./input.ts";

const number = z.number().int();
const Reset = z
  .object({
    success: z.literal(true),
    message: z.string(),
    data: z.object({
      users: number,
      contracts: number,
      claims: number,
      knowledge_base: number,
    }),
  })
  .meta({ id: "Reset" });

const Stats = z
  .object({
    success: z.literal(true),
    data: z.object({
      users: number,
      contracts: number,
      claims_by_status: z.record(z.string(), number),
      claims_total: number,
      knowledge_base: number,
      knowledge_base_embeddings: z.string(),
      claim_documents_embeddings: z.string(),
    }),
  })
  .meta({ id: "DatabaseStats" });

const AuditEntry = z.object({
  id: number,
  at: Instant,
  actor: z.string(),
  action: z.string(),
  claim_id: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
});
const AuditPage = z.object({
  entries: z.array(AuditEntry),
  next_after: number.nullable(),
});
const AuditQuery = z.object({
  after: queryNumber({ least: 0, most: 2_147_483_647, preset: 0 }),
  format: z.enum(["json", "csv"]).default("json"),
});

/** The endpoints of administrators. */
export function adminOperations(context: ClaimsContext): Operation[] {
  const path = `${context.settings.prefix}/admin`;
  const guard = adminGuard(context.settings);
  const common = { tag: "Administration", guard };
  const refusals = {
    ...commonRefusals,
    ...refused(403, "Administration is switched off: ADMIN_TOKEN is not set"),
  };
  return [
    defineOperation({
      ...common,
      method: "POST",
      path: `${path}/reset-database`,
      summary: "Replace everything but the audit log by the sample data",
      answers: { ...answered(200, "What was loaded", Reset), ...refusals },
      async answer() {
        const data = await resetDatabase(context);
        return jsonAnswer(200, { success: true, message: "The sample data is loaded", data });
      },
    }),
    defineOperation({
      ...common,
      method: "GET",
      path: `${path}/database-stats`,
      summary: "Count rows",
      answers: { ...answered(200, "The counts", Stats), ...refusals },
      async answer() {
        const { counts, counts_by_status } = await readDatabaseStats(context);
        const { documents = 0, documents_read: read = 0, ...rest } = counts;
        const articles = rest.knowledge_base ?? 0;
        return jsonAnswer(200, {
          success: true,
          data: {
            ...rest,
            claims_by_status: counts_by_status,
            // Vectors live in the retrieval server, which builds them from every row that it is shown.
            knowledge_base_embeddings: `${articles}/${articles}`,
            claim_documents_embeddings: `${read}/${documents}`,
          },
        });
      },
    }),
    defineOperation({
      ...common,
      method: "GET",
      path: `${path}/audit-log`,
      summary: "List what was done and by whom",
      query: AuditQuery,
      produces: "application/json or text/csv",
      answers: {
        200: { description: "Oldest first", schema: AuditPage, otherTypes: ["text/csv"] },
        ...refusals,
      },
      async answer({ query }) {
        const entries = await listAudit(context.database, query.after);
        if (query.format === "csv") return csvAnswer(entries);
        const isFull = entries.length === auditPageCount;
        return jsonAnswer(200, {
          entries,
          next_after: isFull ? (entries.at(-1)?.id ?? null) : null,
        });
      },
    }),
  ];
}

function csvAnswer(entries: Awaited<ReturnType<typeof listAudit>>): Response {
  const lines = entries.map((entry) =>
    [
      entry.id,
      entry.at.toISOString(),
      entry.actor,
      entry.action,
      entry.claim_id ?? "",
      JSON.stringify(entry.detail),
    ]
      .map((value) => cell(String(value)))
      .join(","),
  );
  const text = `${["id,at,actor,action,claim_id,detail", ...lines].join("\r\n")}\r\n`;
  const disposition = 'attachment; filename="audit-log.csv"';
  return new Response(text, {
    headers: { "content-type": "text/csv; charset=utf-8", "content-disposition": disposition },
  });
}

/** Quoted as RFC 4180 has it; what a spreadsheet would take for a formula is kept from beginning the cell. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
