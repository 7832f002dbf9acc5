import type { Line } from "./concept.ts";

/** The things, places and people that an incident hits, the same ones at the same place in both languages. */
export const objects: Readonly<Record<Line, Readonly<Record<"en" | "fr", readonly string[]>>>> = {
  Home: {
    en: [
      "kitchen",
      "bathroom",
      "cellar",
      "bedroom",
      "garage",
      "living room",
      "attic",
      "conservatory",
    ],
    fr: [
      "la cuisine",
      "la salle de bains",
      "la cave",
      "la chambre",
      "le garage",
      "le salon",
      "le grenier",
      "la véranda",
    ],
  },
  Auto: {
    en: [
      "bumper",
      "bonnet",
      "passenger door",
      "wing mirror",
      "roof",
      "left wing",
      "tailgate",
      "headlight",
    ],
    fr: [
      "pare-chocs",
      "capot",
      "portière passager",
      "rétroviseur",
      "toit",
      "aile gauche",
      "hayon",
      "phare",
    ],
  },
  Medical: {
    en: [
      "the day clinic",
      "the university hospital",
      "the district hospital",
      "a private practice",
      "the health centre",
      "a hospital abroad",
    ],
    fr: [
      "clinique de jour",
      "hôpital universitaire",
      "hôpital de district",
      "cabinet privé",
      "centre de santé",
      "hôpital à l'étranger",
    ],
  },
  Life: {
    en: ["widow", "brother", "daughter", "mother", "partner", "nephew"],
    fr: ["la veuve", "le frère", "la fille", "la mère", "le concubin", "le neveu"],
  },
};

export const givenNames: readonly string[] =
  `Alma Bruno Chloé Dario Edith Farid Gaëlle Hannes Irène Jonas Katia Leandro
  Maud Nils Odile Pavel Quentin Rosalie Stefan Thérèse Ugo Viola Wanda Xavier Yasmin Zoé`.split(
    /\s+/,
  );

export const surnames: readonly string[] =
  `Abbott Berger Carlier Dumont Eklund Ferrand Grimaldi Hoffer Ibáñez Jansen
  Kovač Lambert Marchetti Nowak Osborne Perrin Quiroga Rousseau Sandoval Tessier Urban Vasseur Whitlock Xiong Yardley
  Zeller`.split(/\s+/);

export const towns: readonly string[] =
  `Annecy Bristol Colmar Dundee Épinal Fulham Grenoble Hereford Issoire Jarrow Kendal
  Limoges Morlaix Newport Oban Pau Quimper Redcar Sète Truro`.split(/\s+/);

export const days: Readonly<Record<"en" | "fr", readonly string[]>> = {
  en: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
  fr: ["lundi", "mardi", "mercredi", "jeudi", "vendredi"],
};
