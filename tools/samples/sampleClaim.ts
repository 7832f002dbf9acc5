/** What a sample claim is: plain data, so that seeds and benches can read it too. */

export type ClaimType = "Medical" | "Auto" | "Home" | "Life";

/** How the document came in: every file is a PDF, scans have no text layer. */
export type DocumentForm = "text" | "scan" | "skewed-scan" | "faint-scan" | "three-pages";

/** One claim and what its document prints. */
export interface SampleClaim {
  /** CLM-2025-0001 to CLM-2025-0030. */
  number: string;
  type: ClaimType;
  /** USR001 to USR025. */
  user: string;
  /** The name on the document; the user's own but for one claim. */
  name: string;
  address: string;
  /** As printed; not always one of the user's contracts. */
  policy: string;
  /** YYYY-MM-DD; null where the document prints none. */
  incident: string | null;
  /** YYYY-MM-DD, when the claim was submitted. */
  filed: string;
  /** In units of the currency. */
  amount: number;
  currency: "USD" | "EUR";
  language: "eng" | "fra";
  form: DocumentForm;
  /** What only this type of document says, by the names of `labels.ts`. */
  particulars: Readonly<Record<string, string>>;
  /** A paragraph each: what happened and what it did. */
  story: readonly string[];
  /** Words that somebody put there for the program that reads the document. */
  order?: string;
}

/** What most claims have in common. */
export const usual = { currency: "USD", language: "eng", form: "text" } as const;
/** The same of claims from France. */
export const french = { currency: "EUR", language: "fra", form: "text" } as const;
