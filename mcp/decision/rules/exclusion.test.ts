import { expect, test } from "bun:test";
import { type Change, gate } from "../../../tests/decisionCases.ts";

const home = (cause: string): Change => ({ type: "Home", fields: { cause } });
const medical = (diagnosis: string): Change => ({ type: "Medical", fields: { diagnosis } });

test.each<[string, Change]>([
  ["the exclusion itself", home("Flood")],
  ["upper case", home("FLOOD")],
  ["in a sentence", home("The river rose and a flood entered the cellar")],
  ["the type of loss", { type: "Home", fields: { cause: null, type_of_loss: "Flood" } }],
  ["French, accents and all", home("Inondation par la crue de l'Isère")],
  ["a synonym of another", home("Slow leak behind the wall")],
  ["French wear", home("Usure du joint")],
  ["an earthquake", home("Séisme")],
  ["cosmetic surgery", medical("Cosmetic surgery of the nose")],
  [
    "chirurgie esthétique without accents",
    { type: "Medical", fields: { procedure: "CHIRURGIE ESTHETIQUE" } },
  ],
  [
    "an experimental treatment",
    { type: "Medical", fields: { procedure: "Experimental gene treatment" } },
  ],
  ["racing", { fields: { cause: "Racing at the track" } }],
  ["an invisible character inside", home("Fl\u200bood")],
  ["letters of another script", home("Flоod")],
  ["the second time it stands there", home("No flood at first, then a flood")],
])("is denied: %s", (_, change) => {
  expect(gate(change)).toBe("deny, EXCLUSION deny");
});

test.each<[string, Change]>([
  [
    "only in the description",
    { type: "Home", fields: { description: "After the flood of last year we rebuilt" } },
  ],
  ["only in the text", { type: "Home", text: "Neighbours reported a flood." }],
  ["negated in the field", home("Burst pipe, not a flood")],
  ["negated in French", home("Rupture de canalisation, sans inondation")],
])("is reviewed: %s", (_, change) => {
  expect(gate(change)).toBe("manual_review, EXCLUSION review");
});

test("in an untrusted field it is reviewed", () => {
  expect(gate({ ...home("Flood"), unsure: { cause: 0.5 } })).toBe(
    "manual_review, EXCLUSION review, LOW_OCR_CONFIDENCE doubt",
  );
});

test.each<[string, Change]>([
  ["part of a longer word", home("Floodlight fell from the mast")],
  ["an exclusion of another contract", home("Racing car hit the wall")],
  [
    "an excluded word that this contract does not exclude",
    { ...home("Flood"), contract: { exclusions: [] } },
  ],
  ["French water damage", home("Dégât des eaux, rupture soudaine")],
  ["a bicycle brace", medical("Fitting of a brace")],
])("is approved: %s", (_, change) => {
  expect(gate(change)).toBe("approve");
});

test("an exclusion that no list knows is matched by its own words", () => {
  const contract = { exclusions: ["Moles and voles"] };
  expect(gate({ ...home("Damage by moles and voles"), contract })).toBe("deny, EXCLUSION deny");
});
