import { describe, expect, test } from "bun:test";
import { createMasker } from "./mask.ts";

describe("masking", () => {
  test.each([
    ["Write to Nora.Whitfield@example.com.", "Write to [EMAIL_1]."],
    ["Call +1 212 555 0142 or (171) 555-7788.", "Call [PHONE_1] or [PHONE_2]."],
    ["SSN 123-45-6789", "SSN [US_SSN_1]"],
    [
      "Card 4111 1111 1111 1111, not 4111 1111 1111 1112",
      "Card [CREDIT_CARD_1], not 4111 1111 1111 1112",
    ],
    ["IBAN FR76 3000 6000 0112 3456 7890 189", "IBAN [IBAN_1]"],
    ["Date of birth: 1984-05-09", "Date of birth: [DATE_OF_BIRTH_1]"],
    ["née le 09/05/1984", "née le [DATE_OF_BIRTH_1]"],
    ["NPI 1234567893", "NPI [PROVIDER_NPI_1]"],
    ["License plate: AB-123-CD", "License plate: [LICENSE_PLATE_1]"],
    ["Patient: Hugo Brandt was seen", "Patient: [PERSON_NAME_1] was seen"],
    ["Bénéficiaire : Camille Roche", "Bénéficiaire : [PERSON_NAME_1]"],
    // What a claim is judged by stays.
    [
      "CNT-2025-0001 of 2025-03-04, 1 240.00 USD, code S52.5",
      "CNT-2025-0001 of 2025-03-04, 1 240.00 USD, code S52.5",
    ],
    ["Loss on 2025-01-01 - 2025-12-31", "Loss on 2025-01-01 - 2025-12-31"],
    ["CLM-2025-0012, police report PR-2025-00417", "CLM-2025-0012, police report PR-2025-00417"],
  ])("%j becomes %j", (text, masked) => {
    expect(createMasker([]).text(text)).toBe(masked);
  });

  test.each([
    ["MERCIER, Julien", "[PERSON_NAME_1]"],
    ["Julien A. Mercier and M. Mercier", "[PERSON_NAME_1] and M. [PERSON_NAME_1]"],
    ["a mercier, not a name", "a mercier, not a name"],
    ["48 avenue de la Gare\n31000 Toulouse", "[ADDRESS_1]"],
    ["It burst at 48 avenue de la Gare.", "It burst at [ADDRESS_1]."],
    ["Call +33-555-01 17", "Call [PHONE_1]"],
    ["born 1978-05-06, 06/05/1978", "born [DATE_OF_BIRTH_1], [DATE_OF_BIRTH_1]"],
    ["6 mai 1978, May 6, 1978", "[DATE_OF_BIRTH_1], [DATE_OF_BIRTH_1]"],
    ["the loss of 2024-05-06", "the loss of 2024-05-06"],
  ])("of a person whose record is known, %j becomes %j", (text, masked) => {
    const person = {
      full_name: "Julien Mercier",
      address: "48 avenue de la Gare, 31000 Toulouse",
      phone_number: "+33 555 0117",
      date_of_birth: "1978-05-06",
    };
    expect(createMasker([person]).text(text)).toBe(masked);
  });

  test("gives one person's name one placeholder however it is written, and others the next", () => {
    const masker = createMasker([
      { full_name: "Daniel Okafor", address: "14 Alder Street" },
      { full_name: "Ann" },
    ]);
    expect([
      masker.text("DANIEL  OKAFOR of 14 Alder\nStreet. Claimant: Rosa Pereira. Ann stays."),
      masker.value("PERSON_NAME", "Daniel Okafor"),
      masker.value("PERSON_NAME", null),
    ]).toEqual([
      "[PERSON_NAME_1] of [ADDRESS_1]. Claimant: [PERSON_NAME_2]. Ann stays.",
      "[PERSON_NAME_1]",
      null,
    ]);
  });
});
