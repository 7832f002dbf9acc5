import { caseLabels } from "./case-labels.ts";
import { detailLabels } from "./detail-labels.ts";

/** What a field's value looks like. */
export type FieldKind = "date" | "money" | "number" | "text";

/** One field that documents print: its name, what its value looks like and the words before it. */
export interface FieldLabel {
  name: string;
  kind: FieldKind;
  /** In the order of precedence, English and French; without accents, in lower case. */
  labels: readonly string[];
}

/** The key fields of claims, invoices and receipts. A longer label beats a shorter one on the same words. */
export const fieldLabels: readonly FieldLabel[] = [...caseLabels, ...detailLabels];
