import { SQL } from "bun";

/** Creates customers one after the other from `callers` callers until told to stop; returns the acknowledged ids. */
export function writeCustomers(service: { url: string }, prefix: string, callers: number) {
  const acknowledged: string[] = [];
  let isStopped = false;
  const write = async (caller: number) => {
    for (let index = 0; !isStopped && index < 1000; index++) {
      const customerId = `${prefix}${caller}${index.toString().padStart(3, "0")}`;
      const answer = await fetch(`${service.url}/api/customers`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ customerId, companyName: "Acknowledged" }),
      }).catch(() => undefined);
      if (answer?.status === 201) acknowledged.push(customerId);
    }
  };
  const done = Promise.all(Array.from({ length: callers }, (_, caller) => write(caller)));
  return {
    acknowledged,
    async stop() {
      isStopped = true;
      await done;
    },
    async untilAcknowledged(count: number) {
      while (acknowledged.length < count) await Bun.sleep(2);
    },
  };
}

/** Which of the acknowledged customers are not stored. */
export async function missingFrom(
  server: { urlOf(database: string): string },
  ids: readonly string[],
): Promise<string[]> {
  const sql = new SQL(server.urlOf("customers"), { max: 1 });
  const rows: { customer_id: string }[] = await sql`select customer_id from customer`;
  await sql.close();
  const stored = new Set(rows.map((row) => row.customer_id));
  return ids.filter((id) => !stored.has(id));
}
