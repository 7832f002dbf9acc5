import { connectTools } from "./mcp.ts";
import type { AgentValues } from "./settings.ts";

type Row = Record<string, unknown>;

/** The customer with an e-mail address and their orders; read from the tools themselves, so no model can get it wrong. */
export async function findOrders(values: AgentValues, email: string) {
  const customer = await findCustomer(values, email);
  const rows = customer ? await history(values, "fetch_order_history", customer) : [];
  const orders = rows.map(({ id, orderNumber, orderDate, status, totalAmount }) => ({
    id,
    orderId: orderNumber,
    orderNumber,
    orderDate,
    status,
    totalAmount,
    // FantaCo's orders have none; the member belongs to the contract.
    freight: null,
  }));
  return { customer: shownCustomer(customer), orders, total_orders: orders.length };
}

/** The same for invoices. */
export async function findInvoices(values: AgentValues, email: string) {
  const customer = await findCustomer(values, email);
  const rows = customer ? await history(values, "fetch_invoice_history", customer) : [];
  const invoices = rows.map((row) => {
    const { id, invoiceNumber, invoiceDate, status, amount, customerId } = row;
    return {
      id,
      invoiceId: invoiceNumber,
      invoiceNumber,
      invoiceDate,
      status,
      totalAmount: amount,
      amount,
      customerId,
      customerEmail: customer?.contactEmail ?? null,
      contactName: customer?.contactName ?? null,
    };
  });
  return { customer: shownCustomer(customer), invoices, total_invoices: invoices.length };
}

/** The search matches parts of an address; the customer is the one whose address it is. */
async function findCustomer(values: AgentValues, email: string): Promise<Row | undefined> {
  await using server = await connectTools(values.customerUrl, values.toolToken);
  const { results } = await server.call("search_customers", { contact_email: email });
  return rowsOf(results).find(
    ({ contactEmail }) => String(contactEmail).toLowerCase() === email.toLowerCase(),
  );
}

/** Everything that there is, page by page. */
async function history(values: AgentValues, tool: string, customer: Row): Promise<Row[]> {
  await using server = await connectTools(values.financeUrl, values.toolToken);
  const rows: Row[] = [];
  for (;;) {
    const page = { limit: pageLimit, offset: rows.length };
    const { data } = await server.call(tool, { customer_id: customer.customerId, ...page });
    const found = rowsOf(data);
    rows.push(...found);
    if (found.length < pageLimit || rows.length >= rowLimitCount) return rows;
  }
}

/** The entries of one page, which is the most that the service gives, and of one answer. */
const pageLimit = 1_000;
const rowLimitCount = 10_000;

function shownCustomer(customer: Row | undefined) {
  if (customer === undefined) return null;
  const { customerId, companyName, contactName, contactEmail } = customer;
  return { customerId, companyName, contactName, contactEmail };
}

function rowsOf(value: unknown): Row[] {
  return Array.isArray(value) ? value.map(Object) : [];
}
