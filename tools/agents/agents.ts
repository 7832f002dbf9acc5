import type { AgentValues } from "./settings.ts";

/** One MCP server as an agent uses it. */
export interface ToolBox {
  label: string;
  url: string;
  /** The tools that only read. */
  reads: readonly string[];
  /** The tools that write; an agent without a person to ask is not given them. */
  writes: readonly string[];
}

/** What an agent is told and what it may use. */
export interface AgentDefinition {
  name: string;
  instructions: string;
  toolBoxes: readonly ToolBox[];
}

const common =
  "Use the tools for every fact; never invent one. Answer in the language of the question, in short sentences, with the " +
  "ids, numbers, dates, states and amounts that the tools return. When a tool returns nothing or an error, say so.";
const customerWork =
  "You look up FantaCo's customers. search_customers finds them by part of a name, company, e-mail address or phone " +
  "number; get_customer reads one by its id.";
const financeWork =
  "You look up FantaCo's orders, invoices, disputes and receipts by customer id, such as AROUT, or by their own numbers.";

/** Knows customers only. */
export function customerAgent(values: AgentValues): AgentDefinition {
  return {
    name: "customer_agent",
    instructions: `${customerWork} ${common}`,
    toolBoxes: [customerTools(values)],
  };
}

/** Knows orders, invoices, disputes and receipts, and only reads them. */
export function financeAgent(values: AgentValues): AgentDefinition {
  return {
    name: "finance_agent",
    instructions: `${financeWork} ${common}`,
    toolBoxes: [{ ...financeTools(values), writes: [] }],
  };
}

/** Knows both domains: an e-mail address leads to a customer id, that to the orders. */
export function supportAgent(values: AgentValues): AgentDefinition {
  return {
    name: "support_agent",
    instructions: `${customerWork} ${financeWork} When only a name, a company, an e-mail address or a phone number is given, find the customer id first. ${common}`,
    toolBoxes: [customerTools(values), { ...financeTools(values), writes: [] }],
  };
}

/** The same with the tools that write; each such call waits for a person. */
export function disputeAgent(values: AgentValues): AgentDefinition {
  return {
    name: "dispute_agent",
    instructions: `${customerWork} ${financeWork} start_duplicate_charge_dispute files a dispute; a person approves or refuses it before it is filed, so call it without asking first. When it was refused, do not call it again; say that nothing was filed. ${common}`,
    toolBoxes: [customerTools(values), financeTools(values)],
  };
}

function customerTools({ customerUrl }: AgentValues): ToolBox {
  return {
    label: "customer",
    url: customerUrl,
    reads: ["search_customers", "get_customer"],
    writes: [],
  };
}

function financeTools({ financeUrl }: AgentValues): ToolBox {
  return {
    label: "finance",
    url: financeUrl,
    reads: [
      ...["fetch_order_history", "fetch_invoice_history", "list_disputes", "list_receipts"],
      ...["get_order", "get_invoice", "get_dispute", "get_receipt"],
    ],
    writes: ["start_duplicate_charge_dispute", "find_lost_receipt"],
  };
}
