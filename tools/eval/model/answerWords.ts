import type { Reading } from "./reading.ts";

type Row = Record<string, unknown>;

/** What the rules say at the end: the records that the question asks for, in words, from the tools' answers alone. */
export function answerWords(reading: Reading, results: readonly Row[]): string {
  const last = results.at(-1);
  if (last === undefined) return "I cannot tell: the question names nothing that I could look up.";
  const { results: customers, data, customerId } = last;
  if (Array.isArray(customers)) {
    if (customers.length === 0) return "I did not find such a customer: nothing matches.";
    return customers.map((customer) => customerWords(Object(customer))).join("\n");
  }
  if (typeof customerId === "string") return customerWords(last);
  if (Array.isArray(data)) return listWords(reading, data.map(Object));
  return recordWords(Object(data));
}

function customerWords(customer: Row): string {
  const { companyName, customerId, contactName, contactTitle, contactEmail } = customer;
  const { address, city, region, postalCode, country, phone, fax } = customer;
  const place = [address, city, region, postalCode ?? "no postal code", country];
  return (
    `${companyName} (${customerId}): ${contactName}, ${contactTitle}, ${contactEmail}, phone ${phone}, ` +
    `${fax === null ? "no fax" : `fax ${fax}`}, ${place.filter(Boolean).join(", ")}.`
  );
}

function listWords({ topic, status, isNegated }: Reading, rows: readonly Row[]): string {
  const wanted = rows.filter(
    (row) => status === undefined || (row.status === status) !== isNegated,
  );
  if (wanted.length === 0) return `There are no ${topic}s.`;
  const cents = wanted.map((row) => Math.round(Number(row.totalAmount ?? row.amount ?? 0) * 100));
  const total = (cents.reduce((sum, one) => sum + one, 0) / 100).toFixed(2);
  const head = `${wanted.length} ${topic}${wanted.length === 1 ? "" : "s"}, ${total} in total:`;
  return [head, ...wanted.map(recordWords)].join("\n");
}

/** Every member that has a value; amounts with two decimals. */
function recordWords(row: Row): string {
  return Object.entries(row)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${/amount/i.test(name) ? Number(value).toFixed(2) : value}`)
    .join(", ");
}
