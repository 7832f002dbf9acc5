import type { Block } from "../documents/blocks.ts";
import type { Paper } from "../documents/pdf.ts";
import {
  drawAddress,
  drawCents,
  drawDate,
  drawNumber,
  drawParagraph,
  type Facts,
  printCents,
  printMoney,
} from "./facts.ts";
import { wordings } from "./wording.ts";

/** One page's content and the values on it that a reader would have to find. */
export interface PageContent {
  blocks: readonly Block[];
  fields: Readonly<Record<string, string>>;
  paper: Paper;
}

/** The kinds of pages in the corpus. */
export const kinds = {
  letter: drawLetter,
  form: drawForm,
  table: drawTable,
  receipt: drawReceipt,
  invoice: drawInvoice,
  columns: drawColumns,
} as const satisfies Record<string, (facts: Facts) => PageContent>;

export type Kind = keyof typeof kinds;

function drawLetter(facts: Facts): PageContent {
  const { random, language } = facts;
  const { people, companies, labels } = wordings[language];
  const name = random.pick(people);
  const body = Array.from({ length: 9 }, (): Block => {
    return { kind: "paragraph", text: drawParagraph(facts, random.whole(2, 4)) };
  });
  const blocks: Block[] = [
    { kind: "lines", lines: [random.pick(companies), drawAddress(facts)] },
    { kind: "lines", lines: [drawDate(facts)], align: "right" },
    {
      kind: "lines",
      lines: [language === "fra" ? `${labels.greeting},` : `${labels.greeting} ${name},`],
    },
    ...body,
    { kind: "lines", lines: [labels.regards, random.pick(people)] },
  ];
  return { blocks, fields: {}, paper: paperOf(facts) };
}

function drawForm(facts: Facts): PageContent {
  const { random, language } = facts;
  const { people, towns, labels } = wordings[language];
  const fields = {
    claim_number: drawNumber(random, "CLM-2025-####"),
    policy_number: drawNumber(random, "CNT-2025-####"),
    claimant_name: random.pick(people),
    incident_date: drawDate(facts),
    amount: printMoney(drawCents(random, 200, 30_000), language),
  };
  const style = random.pick(["plain", "dotted", "boxed"] as const);
  const blocks: Block[] = [
    { kind: "heading", text: labels.claimForm, align: "center" },
    {
      kind: "fields",
      style,
      rows: [
        [labels.claimNumber, fields.claim_number],
        [labels.policyNumber, fields.policy_number],
        [labels.claimant, fields.claimant_name],
        [labels.address, drawAddress(facts)],
        [labels.incidentDate, fields.incident_date],
        [labels.location, random.pick(towns)],
        [labels.amount, fields.amount],
      ],
    },
    { kind: "heading", text: labels.cause, scale: 1.1 },
    ...Array.from({ length: 4 }, (): Block => {
      return { kind: "paragraph", text: drawParagraph(facts, 4) };
    }),
  ];
  return { blocks, fields, paper: paperOf(facts) };
}

function drawTable(facts: Facts): PageContent {
  const { random, language } = facts;
  const { items, labels } = wordings[language];
  const rows = Array.from({ length: random.whole(12, 18) }, () => [
    drawNumber(random, "20##-0#"),
    random.pick(items),
    `${random.whole(1, 24)}`,
    printCents(drawCents(random, 4, 4000), language),
  ]);
  const blocks: Block[] = [
    { kind: "heading", text: labels.statement },
    { kind: "paragraph", text: drawParagraph(facts, 2) },
    {
      kind: "table",
      table: {
        head: ["No.", labels.item, labels.quantity, labels.price],
        rows,
        shares: [2, 6, 1.4, 2.4],
        numbers: [2, 3],
        isRuled: random.next() < 0.6,
      },
    },
    { kind: "paragraph", text: drawParagraph(facts, 1) },
  ];
  return { blocks, fields: {}, paper: paperOf(facts) };
}

function drawReceipt(facts: Facts): PageContent {
  const { random, language } = facts;
  const { companies, goods, labels } = wordings[language];
  const prices = Array.from({ length: random.whole(6, 10) }, () => drawCents(random, 1, 25));
  const total = prices.reduce((sum, price) => sum + price, 0);
  const fields = { date: drawDate(facts), amount: printCents(total, language) };
  const rows = prices.map((price) => [random.pick(goods), printCents(price, language)]);
  const blocks: Block[] = [
    { kind: "heading", text: random.pick(companies), align: "center", scale: 1.2 },
    { kind: "lines", lines: [labels.receipt, fields.date], align: "center" },
    {
      kind: "table",
      table: {
        head: [labels.item, labels.price],
        rows: [...rows, [labels.total, fields.amount]],
        shares: [3, 1.4],
        numbers: [1],
        isRuled: false,
      },
    },
    { kind: "fields", rows: [[labels.cash, printCents(total + 100, language)]], style: "plain" },
    { kind: "lines", lines: [labels.thanks], align: "center" },
  ];
  return { blocks, fields, paper: "receipt" };
}

function drawInvoice(facts: Facts): PageContent {
  const { random, language } = facts;
  const { companies, people, items, labels } = wordings[language];
  const lines = Array.from({ length: random.whole(4, 8) }, () => {
    const quantity = random.whole(1, 9);
    const price = drawCents(random, 10, 600);
    return { quantity, price, item: random.pick(items) };
  });
  const subtotal = lines.reduce((sum, line) => sum + line.quantity * line.price, 0);
  const tax = Math.round(subtotal * 0.2);
  const fields = {
    invoice_number: drawNumber(random, "INV-2025-#####"),
    date: drawDate(facts),
    customer: random.pick(people),
    amount: printMoney(subtotal + tax, language),
  };
  const blocks: Block[] = [
    { kind: "lines", lines: [random.pick(companies), drawAddress(facts)] },
    { kind: "heading", text: labels.invoice },
    {
      kind: "fields",
      style: "plain",
      rows: [
        [labels.invoiceNumber, fields.invoice_number],
        [labels.date, fields.date],
        [labels.customer, fields.customer],
      ],
    },
    {
      kind: "table",
      table: {
        head: [labels.item, labels.quantity, labels.price, labels.total],
        rows: lines.map(({ item, quantity, price }) => {
          const sums = [price, quantity * price].map((cents) => printCents(cents, language));
          return [item, `${quantity}`, ...sums];
        }),
        shares: [5, 1.3, 2, 2],
        numbers: [1, 2, 3],
        isRuled: random.next() < 0.6,
      },
    },
    {
      kind: "fields",
      style: "plain",
      rows: [
        [labels.subtotal, printMoney(subtotal, language)],
        [labels.tax, printMoney(tax, language)],
        [labels.total, fields.amount],
      ],
    },
    { kind: "paragraph", text: drawParagraph(facts, 2) },
  ];
  return { blocks, fields, paper: paperOf(facts) };
}

function drawColumns(facts: Facts): PageContent {
  const column = (count: number) =>
    Array.from({ length: count }, (): Block => {
      return { kind: "paragraph", text: drawParagraph(facts, facts.random.whole(3, 4)) };
    });
  const blocks: Block[] = [
    { kind: "heading", text: wordings[facts.language].labels.newsletter, align: "center" },
    { kind: "columns", columns: [column(3), column(3)] },
  ];
  return { blocks, fields: {}, paper: paperOf(facts) };
}

/** People who write English use either paper. */
function paperOf({ random, language }: Facts): Paper {
  return language === "fra" ? "a4" : random.pick(["a4", "letter"] as const);
}
