import { containsPhrase, joinWords } from "./text.ts";

export type ClaimType = "Medical" | "Auto" | "Home" | "Life";

/** Names under which a type stands in claims and contracts, folded. */
const typeNames: Readonly<Record<string, ClaimType>> = {
  medical: "Medical",
  health: "Medical",
  sante: "Medical",
  auto: "Auto",
  car: "Auto",
  vehicle: "Auto",
  automobile: "Auto",
  home: "Home",
  habitation: "Home",
  life: "Life",
  vie: "Life",
};

/** The type that a claim's or contract's text names; undefined for any other text. */
export function claimTypeOf(text: string | null): ClaimType | undefined {
  const words = joinWords(text ?? "").replace(/^assurance |(?: insurance)?(?: claim)?$/g, "");
  return Object.hasOwn(typeNames, words) ? typeNames[words] : undefined;
}

/** How many days after the incident a claim may be filed; the last one still counts. */
export const filingLimitDays: Readonly<Record<ClaimType, number>> = {
  Medical: 90,
  Auto: 30,
  Home: 60,
  Life: 365,
};

/**
 * What documents write for an exclusion, in both languages. A contract's exclusion that holds a group's words means the
 * whole group; any other exclusion is matched by its own words.
 */
const exclusionGroups: readonly (readonly string[])[] = [
  [
    "flood",
    "floods",
    "flooding",
    "flooded",
    "flash flood",
    "inundation",
    "inondation",
    "inondations",
    "inondé",
    "inondée",
    "crue",
    "crues",
    "river overflow",
    "overflowing river",
    "storm surge",
  ],
  [
    "earthquake",
    "earthquakes",
    "earth tremor",
    "seismic",
    "tremblement de terre",
    "séisme",
    "secousse sismique",
    "sismique",
  ],
  [
    "gradual leak or wear",
    "gradual leak",
    "gradual",
    "gradually",
    "slow leak",
    "slow leakage",
    "slow drip",
    "long term leak",
    "seepage",
    "wear",
    "wear and tear",
    "worn out",
    "corrosion",
    "rot",
    "fuite lente",
    "fuite progressive",
    "infiltration lente",
    "suintement",
    "usure",
    "vétusté",
  ],
  [
    "cosmetic surgery",
    "cosmetic procedure",
    "cosmetic",
    "aesthetic surgery",
    "aesthetic procedure",
    "rhinoplasty",
    "liposuction",
    "face lift",
    "facelift",
    "breast augmentation",
    "chirurgie esthétique",
    "médecine esthétique",
    "intervention esthétique",
    "esthétique",
    "rhinoplastie",
    "liposuccion",
    "lifting facial",
  ],
  [
    "experimental treatment",
    "experimental therapy",
    "experimental",
    "clinical trial",
    "investigational",
    "traitement expérimental",
    "thérapie expérimentale",
    "expérimental",
    "expérimentale",
    "essai clinique",
  ],
  [
    "racing",
    "race",
    "street race",
    "race track",
    "racetrack",
    "track day",
    "rally",
    "course automobile",
    "compétition automobile",
    "rallye",
    "sur circuit",
  ],
  [
    "commercial delivery",
    "delivery driver",
    "delivery service",
    "delivery round",
    "food delivery",
    "parcel delivery",
    "delivering parcels",
    "delivering food",
    "courier",
    "livraison commerciale",
    "livraison",
    "livreur",
    "coursier",
  ],
  [
    "undeclared hazardous sport",
    "hazardous sport",
    "dangerous sport",
    "extreme sport",
    "skydiving",
    "parachuting",
    "base jumping",
    "paragliding",
    "hang gliding",
    "free solo",
    "sport dangereux",
    "sport extrême",
    "parachutisme",
    "parapente",
    "deltaplane",
  ],
];

const groups: readonly (readonly string[])[] = exclusionGroups.map((terms) => terms.map(joinWords));

/** The phrases, as `joinWords` makes them, that mean a contract's exclusion. */
export function exclusionPhrases(exclusion: string): readonly string[] {
  const own = joinWords(exclusion);
  const related = groups.filter((terms) => terms.some((term) => containsPhrase(own, term)));
  return [...new Set([own, ...related.flat()])].filter((phrase) => phrase !== "");
}
