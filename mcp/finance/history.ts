import * as z from "zod";
import type { Upstream } from "../../src/core/upstream.ts";
import { callRest } from "../../src/kit/rest.ts";
import { defineTool, type Tool } from "../../src/kit/tool.ts";
import { customerId, endDate, limit, offset, startDate } from "./arguments.ts";
import { envelope, invoice, order } from "./entities.ts";

const input = z.strictObject({
  customer_id: customerId,
  start_date: startDate,
  end_date: endDate,
  limit,
  offset,
  include_total: z
    .boolean()
    .optional()
    .describe("True adds total, limit, offset and hasMore to the answer."),
});

function historyTool(kind: "order" | "invoice", entity: z.ZodObject): Tool<Upstream> {
  return defineTool({
    name: `fetch_${kind}_history`,
    title: `Fetch ${kind} history`,
    description:
      `Returns one customer's ${kind}s, newest first, under \`data\`, with their number under \`count\`. ` +
      `Filters by ${kind} date when dates are given. Returns at most \`limit\` ${kind}s; for more, call again with ` +
      `offset. A customer without ${kind}s, or an id that does not exist, gives an empty list.`,
    effect: "read",
    input,
    output: envelope(z.array(entity)),
    run: async (args, rest: Upstream, call) => {
      const body = {
        customerId: args.customer_id,
        limit: args.limit,
        startDate: args.start_date || undefined,
        endDate: args.end_date || undefined,
        offset: args.offset,
        includeTotal: args.include_total,
      };
      const request = { method: "POST", path: `/api/finance/${kind}s/history`, body } as const;
      return (await callRest(rest, request, call)).result;
    },
  });
}

/** The two history tools, whose names and arguments existing agents rely on. */
export const historyTools: readonly Tool<Upstream>[] = [
  historyTool("order", order),
  historyTool("invoice", invoice),
];
