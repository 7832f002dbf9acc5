/** What a plain reader understands of a question: whom it is about, what is wanted and how it is narrowed. */

/** How a question names its customer. */
export type Subject =
  | { kind: "id"; id: string }
  | {
      kind: "search";
      argument: "contact_email" | "phone" | "company_name" | "contact_name";
      value: string;
    }
  | { kind: "none" };

export type Topic = "customer" | "order" | "invoice" | "dispute" | "receipt";

export interface Reading {
  subject: Subject;
  topic: Topic;
  /** The record that is asked for by its number, for example ORD-003. */
  record: { topic: Topic; number: string } | undefined;
  /** Whether the customer of that record is asked for by name. */
  wantsCompany: boolean;
  /** A state as the services write it, for example PENDING. */
  status: string | undefined;
  isNegated: boolean;
  from: string | undefined;
  to: string | undefined;
  latest: number | undefined;
  isDispute: boolean;
}

const prefixes: Readonly<Record<string, Topic>> = {
  ORD: "order",
  INV: "invoice",
  DISP: "dispute",
  RCPT: "receipt",
};
const states: readonly (readonly [RegExp, string])[] = [
  [/\bdelivered\b/i, "DELIVERED"],
  [/\bpending\b/i, "PENDING"],
  [/\bshipped\b/i, "SHIPPED"],
  [/\bcancelled\b/i, "CANCELLED"],
  [/\bpaid\b/i, "PAID"],
  [/\bdrafts?\b/i, "DRAFT"],
  [/\bopen\b/i, "OPEN"],
  [/\blost\b/i, "LOST"],
  [/\bfound\b/i, "FOUND"],
];
const date = "(\\d{4}-\\d{2}-\\d{2})";

export function readQuestion(question: string): Reading {
  const [, prefix = "", digits = ""] = /\b(ORD|INV|DISP|RCPT)-(\d+)\b/.exec(question) ?? [];
  const recordTopic = prefixes[prefix];
  const found = states.filter(([pattern]) => pattern.test(question));
  return {
    subject: readSubject(question),
    topic: readTopic(question),
    record: recordTopic && { topic: recordTopic, number: `${prefix}-${digits}` },
    wantsCompany: /\bcompany\b/i.test(question),
    // Two states at once mean everything.
    status: found.length === 1 && !/in progress/i.test(question) ? found[0]?.[1] : undefined,
    isNegated: /\bnot\b/i.test(question),
    from: dateAfter(question, "since|from|after|between"),
    to: dateAfter(question, "until|to|before|and"),
    latest: readLatest(question),
    isDispute: /\b(charged twice|duplicate charge|dispute the)\b/i.test(question),
  };
}

function readSubject(question: string): Subject {
  const email = /[^\s@"<>]+@[^\s@"<>?,]+[\p{L}\d]/u.exec(question)?.[0];
  if (email) return { kind: "search", argument: "contact_email", value: email };
  const id = /\b(?:customer|of|has|does|did|for) ([A-Z]{5})\b/.exec(question)?.[1];
  if (id) return { kind: "id", id };
  const phone = /(?:number|from|is) (\(?\d[\d() .-]{5,}\d)/.exec(question)?.[1];
  if (phone) return { kind: "search", argument: "phone", value: phone };
  const name = readName(question);
  return name ?? { kind: "none" };
}

const word = "[\\p{Lu}\\d][\\p{L}\\d'.&-]*";
const capitals = `(${word}(?: ${word})*)`;
const companyCues = "(?:company|contact at|works for|country is)";
const personCues = "(?:contact|contacts are called|called|does|is|of)";

function readName(question: string): Subject | undefined {
  const quoted = /"([^"]+)"/.exec(question)?.[1];
  if (quoted) return { kind: "search", argument: "company_name", value: quoted };
  const company = new RegExp(`\\b${companyCues} ${capitals}`, "u").exec(question)?.[1];
  if (company) return search("company_name", company);
  const person = new RegExp(`\\b${personCues} ${capitals}`, "u").exec(question)?.[1];
  return person ? search("contact_name", person.replace(/'s$/, "")) : undefined;
}

/** A sentence may end with the name; a point inside belongs to it. */
function search(argument: "company_name" | "contact_name", text: string): Subject {
  return { kind: "search", argument, value: text.replace(/[.]$/, "") };
}

function readTopic(question: string): Topic {
  const first = /\b(order|invoice|dispute|receipt)s?\b/i.exec(question)?.[1]?.toLowerCase();
  // The expression has one of the four.
  return (first as Topic | undefined) ?? "customer";
}

function dateAfter(question: string, words: string): string | undefined {
  return new RegExp(`\\b(?:${words}) ${date}`, "i").exec(question)?.[1];
}

function readLatest(question: string): number | undefined {
  const [isThere, count] = /(?:(\d+) )?\b(?:latest|newest)\b/i.exec(question) ?? [];
  return isThere === undefined ? undefined : Number(count ?? 1);
}
