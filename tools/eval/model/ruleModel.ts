/**
 * A stand-in for a language model: rules that read the question, the tools' answers and nothing else. It knows no expected
 * answer, so what it scores depends on the tools, and it fails where its rules are too simple.
 */
import { type ChatMessage, type PlannedCall, type Think, textOf } from "../../interop/model.ts";
import { answerWords } from "./answerWords.ts";
import { thinkAboutClaim } from "./claimRules.ts";
import { type Reading, readQuestion, type Topic } from "./reading.ts";

type Row = Record<string, unknown>;

/** What has been said and done since the last question. */
interface Progress {
  reading: Reading;
  /** The tools' answers, oldest first. */
  results: Row[];
  /** The customer that is known: named, found now, or found for an earlier question. */
  customerId: string | undefined;
}

export const thinkByRules: Think = (messages) => {
  const at = messages.findLastIndex(({ role }) => role === "user");
  const question = textOf(messages[at]?.content);
  const results = resultsIn(messages.slice(at + 1));
  if (/^claim_id: /.test(question)) return thinkAboutClaim(question, results);
  if (/^I refused this: /.test(question))
    return { answer: "You refused it, so nothing was filed." };
  const reading = readQuestion(question);
  const earlier = resultsIn(messages.slice(0, at)).flatMap(customersIn).at(-1);
  const customerId = customerOf(reading, results) ?? (earlier && String(earlier.customerId));
  const progress = { reading, results, customerId };
  const last = results.at(-1);
  if (last?.error !== undefined) return { answer: errorWords(last) };
  return nextCall(progress) ?? { answer: answerWords(reading, results) };
};

/** The service's own words where it has some. */
function errorWords({ error, detail }: Row): string {
  return `That did not work: ${Object(detail).message ?? error}.`;
}

/** The tools' answers as objects; what is no JSON is an error's text. */
function resultsIn(messages: readonly ChatMessage[]): Row[] {
  return messages.flatMap(({ role, content }) => {
    if (role !== "tool") return [];
    const text = textOf(content);
    return [text.startsWith("{") ? Object(JSON.parse(text)) : { error: text }];
  });
}

/** The customers that a search has found. */
export function customersIn({ results }: Row): Row[] {
  return Array.isArray(results) ? results.map(Object) : [];
}

function customerOf({ subject }: Reading, results: readonly Row[]): string | undefined {
  if (subject.kind === "id") return subject.id;
  const [found] = results.flatMap(customersIn);
  if (found !== undefined) return String(found.customerId);
  const id: unknown = Object(results[0]?.data).customerId;
  return typeof id === "string" ? id : undefined;
}

function nextCall(progress: Progress): PlannedCall | undefined {
  const { reading, results, customerId } = progress;
  if (reading.record !== undefined) return nextForRecord(progress);
  const { subject } = reading;
  if (results.length === 0 && subject.kind === "search") {
    return call("search_customers", { [subject.argument]: subject.value });
  }
  const searched = subject.kind === "search" ? 1 : 0;
  // A search without a hit leads nowhere.
  if (customerId === undefined || (searched === 1 && customersIn(results[0] ?? {}).length === 0)) {
    return undefined;
  }
  if (results.length > searched) return undefined;
  if (reading.topic === "customer") {
    return subject.kind === "id" ? call("get_customer", { customer_id: customerId }) : undefined;
  }
  return call(listTools[reading.topic], { customer_id: customerId, ...narrowed(reading) });
}

const listTools: Readonly<Record<Exclude<Topic, "customer">, string>> = {
  order: "fetch_order_history",
  invoice: "fetch_invoice_history",
  dispute: "list_disputes",
  receipt: "list_receipts",
};

/** Histories are narrowed by dates and number, lists by state. */
function narrowed({ topic, from, to, latest, status, isNegated }: Reading): Row {
  if (topic === "dispute" || topic === "receipt") {
    return status === undefined || isNegated ? {} : { status };
  }
  return {
    ...(from !== undefined && { start_date: from }),
    ...(to !== undefined && { end_date: to }),
    ...(latest !== undefined && { limit: latest }),
  };
}

/** A record first; then its customer by name, or a dispute about it, where that is asked for. */
function nextForRecord({ reading, results, customerId }: Progress): PlannedCall | undefined {
  const { record, wantsCompany, isDispute } = reading;
  if (results.length === 0) return call(`get_${record?.topic}`, { id: record?.number });
  const id: unknown = Object(results[0]?.data).id;
  if (results.length > 1 || customerId === undefined) return undefined;
  if (isDispute) {
    const description = `The customer says that ${record?.number} was charged twice.`;
    const about = { customer_id: customerId, order_id: id, description };
    return call("start_duplicate_charge_dispute", about);
  }
  return wantsCompany ? call("get_customer", { customer_id: customerId }) : undefined;
}

function call(tool: string, args: Row): PlannedCall {
  return { tool, arguments: JSON.stringify(args) };
}
