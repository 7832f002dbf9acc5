import { describe, expect, test } from "bun:test";
import { Masker } from "./masker.ts";

test.each([
  ["mail to nora.w+x@mail.example.co.uk.", "mail to [EMAIL_1]."],
  ["nora[at]example.com, nora＠example.com", "[EMAIL_1], [EMAIL_2]"],
  ["É. écrit à rené@exemple.fr", "É. écrit à [EMAIL_1]"],
  ["(212) 555-0147", "[PHONE_1]"],
  ["212-555-0147 or 212.555.0147", "[PHONE_1] or [PHONE_1]"],
  ["+33 6 12 34 56 78", "[PHONE_1]"],
  ["+1 (212) 555-0147", "[PHONE_1]"],
  ["06 12 34 56 78", "[PHONE_1]"],
  ["Phone: 5550147", "[PHONE_1]"],
  ["Tél. : 0612345678", "[PHONE_1]"],
  ["06\u00a012\u00a034\u00a056\u00a078", "[PHONE_1]"],
  ["06\u202f12\u202f34\u202f56\u202f78", "[PHONE_1]"],
  ["0612345678 ou 06.12.34.56.78", "[PHONE_1] ou [PHONE_1]"],
  ["0033 6 12 34 56 78", "[PHONE_1]"],
  ["212 555 0147", "[PHONE_1]"],
  ["212\u2013555\u20110147", "[PHONE_1]"],
  ["020 7946 0958, 07700 900123", "[PHONE_1], [PHONE_2]"],
  ["Tel 5550147", "Tel [PHONE_1]"],
  ["(２１２) ５５５-０１４７", "[PHONE_1]"],
  ["SSN 123-45-6789", "SSN [US_SSN_1]"],
  ["123\u201345\u20136789", "[US_SSN_1]"],
  ["Social security number: 123456789", "Social security number: [US_SSN_1]"],
  ["card 4111 1111 1111 1111", "card [CREDIT_CARD_1]"],
  ["5500000000000004", "[CREDIT_CARD_1]"],
  ["4111\u00a01111\u00a01111\u00a01111 12/27", "[CREDIT_CARD_1] 12/27"],
  ["4111 1111 1111 1111 123", "[CREDIT_CARD_1] 123"],
  ["4111.1111.1111.1111", "[CREDIT_CARD_1]"],
  ["FR76 3000 6000 0112 3456 7890 189", "[IBAN_1]"],
  ["DE89370400440532013000", "[IBAN_1]"],
  ["FR76\u00a03000\u00a06000\u00a00112\u00a03456\u00a07890\u00a0189", "[IBAN_1]"],
  ["fr76-3000-6000-0112-3456-7890-189 is mine", "[IBAN_1] is mine"],
  ["IBAN FR76 3000 6000 0112 3456\n7890 189 BIC AGRIFRPP", "IBAN [IBAN_1] BIC AGRIFRPP"],
  ["FR7630006000011234567890189, FR76  3000  6000  0112  3456  7890  189", "[IBAN_1], [IBAN_1]"],
  ["FR76\u200b3000 6000 0112 3456 7890 189", "[IBAN_1]"],
  ["NO93 8601 1117 947 to pay", "[IBAN_1] to pay"],
  ["Date of birth: 1980-02-03", "Date of birth: [DATE_OF_BIRTH_1]"],
  ["DOB 02/03/1980", "DOB [DATE_OF_BIRTH_1]"],
  ["née le 4 mars 1970", "née le [DATE_OF_BIRTH_1]"],
  ["Né(e) le 04/03/1970", "Né(e) le [DATE_OF_BIRTH_1]"],
  ["DOB:\n4-Mar-1970", "DOB:\n[DATE_OF_BIRTH_1]"],
  ["NPI: 1234567893", "NPI: [PROVIDER_NPI_1]"],
  ["License plate: 7ABC 123", "License plate: [LICENSE_PLATE_1]"],
  ["Immatriculation : AB-123-CD", "Immatriculation : [LICENSE_PLATE_1]"],
  ["la voiture AB-123-CD", "la voiture [LICENSE_PLATE_1]"],
  ["Address: 12 Elm Street, Springfield", "Address: [ADDRESS_1]"],
  ["lives at 12 Elm Street, Springfield, IL 62704", "lives at [ADDRESS_1]"],
  ["12 rue de la Paix, 75002 Paris", "[ADDRESS_1]"],
  ["12, rue de l’Église, 69001 Lyon", "[ADDRESS_1]"],
  ["PO Box 123, Portland", "[ADDRESS_1], Portland"],
  ["Adresse du bien : 4 bis quai Voltaire", "Adresse du bien : [ADDRESS_1]"],
  ["Claimant name: Ada Byron", "Claimant name: [PERSON_NAME_1]"],
  [
    "Patient: BYRON, Ada    Policy number: CNT-1",
    "Patient: [PERSON_NAME_1]    Policy number: CNT-1",
  ],
  ["Nom de l'assuré : Zoé Œuvray", "Nom de l'assuré : [PERSON_NAME_1]"],
  ["vu par M. Jean Dupont", "vu par M. [PERSON_NAME_1]"],
  ["treated by Dr. Klein", "treated by Dr. [PERSON_NAME_1]"],
])("masks %j", (text, masked) => {
  // A label may be masked with its number; the datum never stays.
  expect(new Masker().mask(text).text.replace(/^(?:Phone|Tél\.) ?: /, "")).toBe(masked);
});

const harmless: readonly string[] = [
  "Claim CLM-2025-0001",
  "Policy number: CNT-2025-0001",
  "Total charges: 1 240.00 USD",
  "1,234,567.89",
  "1 850,00 EUR",
  "12 345 678,90 €",
  "Date of incident: 2025-03-04",
  "Date of service: March 4, 2025",
  "04/03/2025",
  "Diagnosis code: S52.501A",
  "ICD-10 J35.1",
  "CPT 99213, 99214",
  "Authorization number: AUTH-2231-7781",
  "Police report number: PR-2025-118",
  "PR 2025 118 4421",
  "Invoice 100-200-3000000",
  "VIN 1HGCM82633A004352",
  "Serial 1234 5678 9012 3456",
  "Order 4111 1111 1111 1112",
  "Article 0123456789",
  "Version 10.20.30.4000",
  "IP 192.168.100.200",
  "Ratio 123-45-678",
  "Case 000-12-3456",
  "Room 12, second floor",
  "12 months of cover",
  "30 days after the incident",
  "500 copies per way",
  "2 places assises dans la salle",
  "3 rue barrées",
  "on the street and the road",
  "Street: see attached plan",
  "the plate broke",
  "Plate: none",
  "Licence plate: unknown",
  "Patient was admitted at noon",
  "Patient: unchanged",
  "The insured sum is 500,000",
  "Insured: yes",
  "Driver: none",
  "witness statements attached",
  "born of necessity",
  "DOB unknown",
  "contact us @ the office",
  "a@b",
  "price@5.00",
  "+20 % more",
  "+ 12 units",
  "Phone: none",
  "fax machine broken",
  "FR76 3000 6000 0112 3456 7890 188",
  "GB00 TEST",
  "NPI: none",
  "NPI 123",
  "deductible 500, copay 20",
  "50 000 / 500 / 20 / 250",
  "09:30 - 10:45",
  "Dr visits: 3",
  "Mr and Mrs",
  "Windstorm on the hill",
  "Patient: Not Applicable",
  "Claimant: see above",
  "Driver: Self Employed",
  "Address: same as above",
  "adresse : voir ci-dessus",
  "M. le directeur",
  "tracking 9400 1000 0000 0000 0000 00",
  "ISBN 978-3-16-148410-0",
  "Rechnung 0049 123",
  "FR76 3000 6000 0112 3456 7890 188 1",
  "2024 2025 2026 2027 2028",
  "price @ 5.00",
];

test.each([...harmless])("leaves %j as it is", (text) => {
  expect(new Masker(["Nora Whitfield"]).mask(text)).toEqual({ text, findings: [] });
});

test("there are at least fifty look-alikes", () => {
  expect(harmless.length >= 50).toBe(true);
});

describe("a known name", () => {
  test.each([
    "Zoé M. Le Gall",
    "Z. Gall",
    "Zoé\u00a0Le\u202fGall",
    "Zoé Le Gall",
    "ZOE LE GALL",
    "Le Gall, Zoé",
    "Gall Zoé Le",
    "Zoe  Le\nGall",
  ])("is found as %j", (printed) => {
    expect(new Masker(["Zoé Le Gall"]).mask(`by ${printed}.`).text).toBe("by [PERSON_NAME_1].");
  });
  test("is not found inside other words, nor by one of its words", () => {
    const text = "Zoe met Legall and Gallet.";
    expect(new Masker(["Zoé Le Gall", "Zoe"]).mask(text).text).toBe(text);
  });
});

describe("what was found once behind a label", () => {
  test("is found again without one, before and after", () => {
    const text =
      "Watanabe Kenji fell.\nPatient: Kenji Watanabe\nLicense plate: 7ABC123\nHis car, 7abc 123, is lost.";
    expect(new Masker().mask(text).text).toBe(
      "[PERSON_NAME_1] fell.\nPatient: [PERSON_NAME_1]\nLicense plate: [LICENSE_PLATE_1]\nHis car, 7abc 123, is lost.",
    );
  });
  test("is found in the run's other texts", () => {
    const masker = new Masker();
    masker.mask("Phone: 5550147, Date of birth: 1980-02-03");
    masker.learnFrom({
      beneficiary: { value: "Carmen Ortega" },
      policy_number: { value: "CNT 1" },
    });
    expect(masker.mask("CARMEN ORTEGA, 5550147, CNT 1, 1980-02-03").text).toBe(
      "[PERSON_NAME_1], [PHONE_1], CNT 1, 1980-02-03",
    );
  });
});

test("the same datum has the same placeholder in every text of a run", () => {
  const masker = new Masker(["Ada Byron"]);
  expect([
    masker.mask("a@x.org, b@x.org").text,
    masker.mask("B@x.org; Byron Ada").text,
    masker.maskJson({
      email: "A@X.ORG",
      notes: ["Ada Byron", 5, null],
      nested: { email: "b@x.org" },
    }),
    new Masker().mask("b@x.org").text,
  ]).toEqual([
    "[EMAIL_1], [EMAIL_2]",
    "[EMAIL_2]; [PERSON_NAME_1]",
    { email: "[EMAIL_1]", notes: ["[PERSON_NAME_1]", 5, null], nested: { email: "[EMAIL_2]" } },
    "[EMAIL_1]",
  ]);
});

test("members that are personal by name are masked as a whole, fields of a document too", () => {
  const field = { value: "Q", confidence: 1 };
  expect(
    new Masker().maskJson({ full_name: "Q", patient: field, address: "", policy_number: field }),
  ).toEqual({
    full_name: "[PERSON_NAME_1]",
    patient: { value: "[PERSON_NAME_1]", confidence: 1 },
    address: "",
    policy_number: field,
  });
});

test("tells what was found where, without the datum", () => {
  expect(new Masker().mask("card 4111 1111 1111 1111, a@x.org").findings).toEqual([
    { type: "credit_card", severity: "high", span: [5, 24], placeholder: "[CREDIT_CARD_1]" },
    { type: "email", severity: "medium", span: [26, 33], placeholder: "[EMAIL_1]" },
  ]);
});

test("what is masked already stays as it is", () => {
  const masker = new Masker();
  const once = masker.mask("Patient: Ada Byron, a@x.org").text;
  expect(masker.mask(once)).toEqual({ text: once, findings: [] });
});
