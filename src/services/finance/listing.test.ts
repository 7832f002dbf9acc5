import { beforeAll, describe, expect, test } from "bun:test";
import { invalidRequest } from "../../../tests/finance-failures.ts";
import { useTestService } from "../../../tests/rest.ts";
import type { FieldError } from "../field-errors.ts";
import { financeService } from "./service.ts";

const service = useTestService(financeService);

const post = (path: string, body: unknown) =>
  service.send("POST", `/api/finance/${path}`, { body });
const history = (body: unknown) => post("orders/history", body);
const idsOf = (json: unknown) => (json as { data: { id: number }[] }).data.map(({ id }) => id);
const invalid = (errors: FieldError[]) => invalidRequest("/api/finance/orders/history", errors);

describe("walking through a long history", () => {
  beforeAll(async () => {
    // Three orders share each instant, so that only the id decides between them.
    await service.sql`insert into orders (order_number, customer_id, total_amount, status, order_date)
      select 'WALK-' || n, 'WALKR', 1, 'PENDING', timestamp '2024-03-01 00:00:00.000001' + (n / 3) * interval '1 day'
      from generate_series(1, 100) n`;
  });

  test("by offset has no gaps and no repeats", async () => {
    const all = idsOf((await history({ customerId: "WALKR", limit: 1000 })).json);
    expect(all).toHaveLength(100);
    const walked: number[] = [];
    for (let offset = 0; offset < 100; offset += 7) {
      walked.push(...idsOf((await history({ customerId: "WALKR", limit: 7, offset })).json));
    }
    expect(walked).toEqual(all);
  });

  test("by cursor has no gaps and no repeats, even while newer orders arrive", async () => {
    const all = idsOf((await history({ customerId: "WALKR", limit: 1000 })).json);
    const walked: number[] = [];
    let cursor: string | null = null;
    do {
      const { json } = await history({ customerId: "WALKR", limit: 7, cursor });
      walked.push(...idsOf(json));
      cursor = (json as { nextCursor: string | null }).nextCursor;
      await service.sql`insert into orders
        (order_number, customer_id, total_amount, status, order_date)
        values (${`LATE-${walked.length}`}, 'WALKR', 1, 'PENDING', now())`;
    } while (cursor !== null);
    expect(walked).toEqual(all);
  });

  test.each(["x", "e30", "W10", "WzEsMl0"])("the cursor %p is refused", async (cursor) => {
    const answer = await history({ customerId: "WALKR", cursor });
    expect(answer.json).toEqual(
      invalid([
        {
          field: "cursor",
          rejectedValue: cursor,
          message: "cursor must be a nextCursor of an earlier answer",
        },
      ]),
    );
  });

  test("a deep page is one seek in the index", async () => {
    const plan = await service.sql.unsafe(`set enable_seqscan = off; set enable_bitmapscan = off;
      explain select id from orders where customer_id = 'WALKR'
        and (order_date, id) < ('2024-03-20', 5) order by order_date desc, id desc limit 7`);
    const text = JSON.stringify(plan);
    expect(text).toContain("idx_orders_history");
    expect(text).not.toContain("Sort");
  });
});
