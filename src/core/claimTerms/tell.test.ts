import { describe, expect, test } from "bun:test";
import { ruleCodes } from "../../../mcp/decision/rules/hit.ts";
import { type Change, otherClaim, verdictOf } from "../../../tests/decisionCases.ts";
import { tellReasons, workflowReasons } from "./reasons.ts";
import { tellEvidence, tellHit } from "./tell.ts";
import { englishTerms } from "./terms.en.ts";

/** Amounts and dates hold blanks of several kinds, which say nothing here. */
const plainly = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");
const told = (change: Change) =>
  verdictOf(change).hits.map((hit) => [plainly(tellHit(hit, "en")), plainly(tellHit(hit, "fr"))]);

const medical = { type: "Medical", contract: { coverage_amount: 5_000 } } as const;

test.each<[string, Change, string, string]>([
  [
    "NO_CONTRACT",
    { contracts: [] },
    "The claimant holds no Auto contract",
    "L’assuré n’a aucun contrat Auto",
  ],
  [
    "CONTRACT_NOT_ACTIVE",
    { contract: { start_date: "2024-01-01", end_date: "2024-12-31" } },
    "Contract CNT-1 does not cover the incident of May 1, 2025: it is expired (cover from Jan 1, 2024 to Dec 31, 2024)",
    "Le contrat CNT-1 ne couvre pas le sinistre du 1 mai 2025 : il est expiré (garantie du 1 janv. 2024 au 31 déc. 2024)",
  ],
  [
    "EXCLUSION of a trusted field",
    { contract: { exclusions: ["racing"] }, fields: { cause: "Car racing" } },
    "The contract excludes “racing”, which the document states: “Car racing”",
    "Le contrat exclut « racing », que le document indique : « Car racing »",
  ],
  [
    "EXCLUSION in free text",
    { contract: { exclusions: ["racing"] }, fields: { description: "We saw racing." } },
    "The document may speak of “racing”, which the contract excludes; it says: “We saw racing.”",
    "Le document parle peut-être de « racing », que le contrat exclut ; on y lit : « We saw racing. »",
  ],
  [
    "BELOW_DEDUCTIBLE",
    { amount: "USD 420.50" },
    "Nothing is payable: the amount of 420.50 USD does not exceed deductible and copay (500.00 USD + 0.00 USD)",
    "Rien n’est à payer : le montant de 420,50 USD ne dépasse pas la franchise et le ticket modérateur (500,00 USD + 0,00 USD)",
  ],
  [
    "LATE_FILING",
    { filed: "2025-06-17" },
    "Filed 47 days after the incident of May 1, 2025; the limit is 30 days",
    "Déposée 47 jours après le sinistre du 1 mai 2025 ; le délai est de 30 jours",
  ],
  [
    "OVER_LIMIT",
    { amount: "USD 6,000.00", contract: { coverage_amount: 5_000 } },
    "The amount of 6,000.00 USD is above the cover of 5,000.00 USD; at most 4,500.00 USD is payable",
    "Le montant de 6 000,00 USD dépasse le plafond de 5 000,00 USD ; 4 500,00 USD au plus sont à payer",
  ],
  [
    "HIGH_VALUE",
    { amount: "USD 12,000.00" },
    "The amount of 12,000.00 USD reaches 10,000, from which on a person decides",
    "Le montant de 12 000,00 USD atteint 10 000, seuil à partir duquel une personne décide",
  ],
  [
    "PRIOR_AUTH_MISSING",
    { ...medical, amount: "USD 5,000.01", contract: { coverage_amount: 50_000, copay: 20 } },
    "Charges over 5,000 need an authorization number; the document charges 5,000.01",
    "Au-delà de 5 000, il faut un numéro d’accord préalable ; le document indique 5 000,01",
  ],
  [
    "DUPLICATE",
    { others: [otherClaim()] },
    "Filed earlier with the same event: CLM-OTHER",
    "Déjà déposée avec le même événement : CLM-OTHER",
  ],
  [
    "CLAIMANT_MISMATCH",
    { fields: { claimant_name: "Ada Lovelace" } },
    "The document names “Ada Lovelace”, the claimant is “Ada Byron”",
    "Le document nomme « Ada Lovelace », l’assuré est « Ada Byron »",
  ],
  [
    "POLICY_MISMATCH",
    { fields: { policy_number: "CNT-2" } },
    "Policy number “CNT-2” on the document is not one of the claimant's",
    "Le numéro de contrat « CNT-2 » du document n’est pas l’un de ceux de l’assuré",
  ],
  [
    "MISSING_FIELD",
    { incident: "04/05/2025", fields: { policy_number: null } },
    "Missing or unusable: Policy number, Date of incident (not a clear date)",
    "Manque ou inutilisable : Numéro de contrat, Date du sinistre (date équivoque)",
  ],
  [
    "LOW_OCR_CONFIDENCE",
    { document: { confidence: 0.5 } },
    "What counts was read with a confidence below 70%",
    "Ce qui compte a été lu avec une confiance inférieure à 70 %",
  ],
  [
    "DOCUMENT_NOT_READ",
    { document: null },
    "The document has not been read",
    "Le document n’a pas été lu",
  ],
  [
    "CURRENCY_MISMATCH",
    { amount: "EUR 2,000.00" },
    "The claim is in EUR, the contract in USD",
    "La demande est en EUR, le contrat en USD",
  ],
  [
    "PROMPT_INJECTION",
    { document: { warnings: ["hidden_text: page 1"] } },
    "The document contains instructions to the agent",
    "Le document contient des instructions adressées à l’agent",
  ],
])("%s is told with what it has compared", (_, change, english, french) => {
  const known = { ...englishTerms.evidence, ...englishTerms.fields };
  const names = verdictOf(change).hits.flatMap(({ evidence }) => Object.keys(evidence));
  expect(told(change)).toContainEqual([english, french]);
  expect(names.filter((name) => !(name in known))).toEqual([]);
});

test("values are printed as the language prints them", () => {
  const [hit] = verdictOf({ filed: "2025-06-17" }).hits;
  const evidence = {
    ...hit?.evidence,
    is_active: false,
    amount: 1240,
    currency: "EUR",
    page: null,
  };
  const lines = tellEvidence(
    { ...evidence, fields: ["policy_number 0.1"], pages: ["2 0.5", "document 0.6"] },
    "fr",
  ).map(({ label, text }) => plainly(`${label} : ${text}`));
  expect(lines).toEqual([
    "Date du sinistre : 1 mai 2025",
    "En vigueur : non",
    "Déposée : 17 juin 2025, 10:00 UTC",
    "Jours écoulés : 47",
    "Jours permis : 30",
    "Montant : 1 240,00 EUR",
    "Champs difficiles à lire : Numéro de contrat 10 %",
    "Pages difficiles à lire : page 2 50 %, Document 60 %",
    "Monnaie : EUR",
  ]);
});

describe("what is not known here is told as the service says it", () => {
  const hit = { code: "NEW_RULE", kind: "deny", message: "The moon is full", evidence: {} };
  test("a code", () => {
    expect([tellHit(hit, "en"), tellHit({ ...hit, code: "constructor" }, "fr")]).toEqual([
      "The moon is full",
      "The moon is full",
    ]);
  });
  test("a member, a value and another shape", () => {
    const evidence = { moon_phase: "full", reason: "eclipse", same: { a: 1 }, toString: null };
    expect(tellEvidence(evidence, "fr").map(({ label, text }) => [label, text])).toEqual([
      ["En commun", '{"a":1}'],
      ["Raison", "eclipse"],
      ["moon phase", "full"],
      ["toString", "–"],
    ]);
  });
  test("a rule whose evidence is not all there says what it says in general", () => {
    const known = { ...hit, code: "LATE_FILING", evidence: { days: 47 } };
    expect(tellHit(known, "fr")).toBe("La demande a été déposée après le délai");
  });
});

test("a value that looks like a member is no member, and a long one is cut", () => {
  const evidence = { document_name: "{user_name}", user_name: "x".repeat(500) };
  expect(tellHit({ code: "CLAIMANT_MISMATCH", message: "", evidence }, "en")).toBe(
    `The document names “{user_name}”, the claimant is “${"x".repeat(120)}…”`,
  );
  const half = { document_name: "a", user_name: `${"x".repeat(119)}😀` };
  expect(tellHit({ code: "CLAIMANT_MISMATCH", message: "", evidence: half }, "en")).toBe(
    `The document names “a”, the claimant is “${"x".repeat(119)}…”`,
  );
});

test("a day that is not in the calendar is told as it was written, and not as another day", () => {
  const days = ["2025-02-28", "2025-02-30", "2025-02-30T10:00:00Z", "2025-13-01"];
  expect(
    days.map((incident_date) => tellEvidence({ incident_date }, "fr").map(({ text }) => text)),
  ).toEqual([["28 févr. 2025"], ["2025-02-30"], ["2025-02-30T10:00:00Z"], ["2025-13-01"]]);
});

test.each([...ruleCodes])("%s has its words", (code) => {
  expect(Object.keys(englishTerms.rules)).toContain(code);
});

test("the workflow's reasons are told in French, everybody else's as they were written", () => {
  const lines = [
    workflowReasons("read", "CNT-1, CNT-2"),
    workflowReasons("earlier", ""),
    `${workflowReasons("read", "CNT-1")} And so on.`,
    "The model was sure.",
  ];
  expect(lines.map((line) => tellReasons(line, "fr"))).toEqual([
    "Le document a été lu ; contrats trouvés : CNT-1, CNT-2. Le traitement propose d’accepter, pour que seules les règles décident.",
    "Le texte d’une lecture antérieure a été utilisé ; aucun contrat trouvé. Le traitement propose d’accepter, pour que seules les règles décident.",
    "The document was read; contracts found: CNT-1. The workflow proposes approval, so that the policy rules alone decide. And so on.",
    "The model was sure.",
  ]);
});
