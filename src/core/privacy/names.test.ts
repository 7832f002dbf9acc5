import { expect, test } from "bun:test";
import { Masker } from "./masker.ts";

const mask = (text: string) => new Masker().mask(text).text;

test.each([
  ["Witness John Smith saw it.", "Witness [PERSON_NAME_1] saw it."],
  ["the witness, John Q. Smith, said", "the witness, [PERSON_NAME_1], said"],
  ["WITNESS JOHN SMITH", "WITNESS [PERSON_NAME_1]"],
  ["the driver J. Smith fled", "the driver [PERSON_NAME_1] fled"],
  ["her husband Mark Bell drove", "her husband [PERSON_NAME_1] drove"],
  ["my neighbour Ludwig van Beethoven", "my neighbour [PERSON_NAME_1]"],
  ["le témoin Jean Dupont a vu", "le témoin [PERSON_NAME_1] a vu"],
  ["L’assurée, Zoé Le Gall, déclare", "L’assurée, [PERSON_NAME_1], déclare"],
  ["la conductrice Marie de La Tour", "la conductrice [PERSON_NAME_1]"],
  ["son épouse Anne Moreau", "son épouse [PERSON_NAME_1]"],
  ["Claimant name Daniel Okafor", "Claimant name [PERSON_NAME_1]"],
  ["Patient Kenji Watanabe", "Patient [PERSON_NAME_1]"],
  ["Beneficiary   Isabel Ortega", "Beneficiary   [PERSON_NAME_1]"],
  ["Nom de l'assuré Claire Fontaine", "Nom de l'assuré [PERSON_NAME_1]"],
  ["Name: Ada Byron", "Name: [PERSON_NAME_1]"],
  ["Nom : ROCHE\nPrénom : Camille", "Nom : [PERSON_NAME_1]\nPrénom : [PERSON_NAME_2]"],
  ["First name: Ada\nSurname: Byron", "First name: [PERSON_NAME_1]\nSurname: [PERSON_NAME_2]"],
  ["Nom de naissance : Le Gall", "Nom de naissance : [PERSON_NAME_1]"],
  ["Attending physician: Jane Roe", "Attending physician: [PERSON_NAME_1]"],
  ["Médecin traitant : Jean Dupont", "Médecin traitant : [PERSON_NAME_1]"],
  ["Signed: Ada Byron", "Signed: [PERSON_NAME_1]"],
  ["Emergency contact: Ada Byron", "Emergency contact: [PERSON_NAME_1]"],
  ["Officer J. Smith came", "Officer [PERSON_NAME_1] came"],
  ["Docteur Martin", "Docteur [PERSON_NAME_1]"],
  ["vu par M. Dupont hier", "vu par M. [PERSON_NAME_1] hier"],
  ["M. Le Gall est passé", "M. [PERSON_NAME_1] est passé"],
  ["License plate OH JKT 4821", "License plate [LICENSE_PLATE_1]"],
  ["NIR 1 80 02 75 123 456 76", "NIR [FR_NIR_1]"],
  ["n° 2 55 08 14 168 025 38 de", "n° [FR_NIR_1] de"],
  ["Sécurité sociale : 2 55 08 14 168 025", "Sécurité sociale : [FR_NIR_1]"],
  ["Numéro de sécurité sociale : 2 80 06 69 123 456 17", "Numéro de sécurité sociale : [FR_NIR_1]"],
  ["National Insurance number: QQ 12 34 56 C", "National Insurance number: [UK_NINO_1]"],
  ["Account number: 000123456789", "Account number: [BANK_ACCOUNT_1]"],
  ["Sort code: 12-34-56", "Sort code: [BANK_ACCOUNT_1]"],
  ["Passport no.: 12AB34567", "Passport no.: [IDENTITY_DOCUMENT_1]"],
  ["Driver's license number: D123-4567", "Driver's license number: [IDENTITY_DOCUMENT_1]"],
  ["Permis de conduire n° : 12AB34567", "Permis de conduire n° : [IDENTITY_DOCUMENT_1]"],
])("masks %j", (text, masked) => {
  expect(mask(text)).toBe(masked);
});

test.each([
  "Witness Statement Form",
  "WITNESS STATEMENT",
  "Patient Care Center",
  "PATIENT FINANCIAL RESPONSIBILITY",
  "Driver License Number",
  "the driver Door was open",
  "Insured Property Address",
  "Beneficiary Designation Form",
  "Claimant Signature Date",
  "the patient Monday morning",
  "Patient was admitted",
  "The claimant I spoke to",
  "The insured sum and the Insured Amount",
  "Témoin oculaire",
  "Assuré Principal : oui",
  "Contact: Claims Department",
  "Contact: Meridian Mutual Insurance",
  "Owner: City Council",
  "Name: Home Insurance Policy",
  "Nom : 12",
  "Nom du produit : Clio",
  "le fils conducteur",
  "une surface de 200 M. Ensuite",
  "Camille M. Roche",
  "M. Le directeur",
  "M. Le Directeur",
  "the insured Honda Civic was parked",
  "Le conducteur Toyota Yaris",
  "L'assuré Responsabilité Civile",
  "Titulaire Compte Joint",
  "Doctor Visit",
  "Officer on duty",
  "Dr visits: 3",
  "License plate unknown",
  "Registration plate bent",
  "Immatriculation en cours",
  "1 80 02 75 123 456 77",
  "Account: see above",
  "Account number: pending",
  "Passport: none",
  "QQ 12 34 56 C",
  "Sécurité sociale : voir dossier",
  "compte rendu : 12 pages",
])("leaves %j as it is", (text) => {
  expect(mask(text)).toBe(text);
});

test("a text made to slow it down is masked in a time that grows with its length", () => {
  const parts = ["Witness ", "A. ", "de ", "Nom ", "patient, ", "M. ", "1 80 02 75 ", "Ab ", " \t"];
  const texts = [...parts, parts.join(""), "Witness A. de "].map((part) => part.repeat(30_000));
  expect(texts.map((text) => mask(text).length > 0)).toEqual(texts.map(() => true));
});
